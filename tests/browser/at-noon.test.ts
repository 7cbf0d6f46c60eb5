import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { hasChromium, openBrowser } from "../support/browser.ts";
import { startHouse, type TestHouse } from "../support/house.ts";
import { atNoon } from "../support/house-time.ts";
import { adminScreens } from "./at-noon/admin-screens.ts";
import { administration } from "./at-noon/administration.ts";
import { device } from "./at-noon/device.ts";
import { firstChoice } from "./at-noon/first-choice.ts";
import { layout } from "./at-noon/layout.ts";
import { live } from "./at-noon/live.ts";
import { onboarding } from "./at-noon/onboarding.ts";
import { profiles } from "./at-noon/profiles.ts";
import { screens } from "./at-noon/screens.ts";
import { setPoints } from "./at-noon/set-points.ts";
import { trace } from "./at-noon/trace.ts";

/** A pushed version has to prove itself, but not for as long as over a bad link. */
const env = { SUNLEDGER_GATEWAY_PROVE_MS: "2000" };

/**
 * One house for all that happens by day: a start takes longer than most of what is tried in it. What only
 * looks comes first, then what changes what is polled. One part alone: `-t "an administrator"`.
 */
describe.skipIf(!hasChromium())("a house at noon:", () => {
  let house: TestHouse;
  let browser: Browser;

  beforeAll(async () => {
    house = await startHouse({ history: false, args: atNoon, env });
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await house?.remove();
  });

  const noon = {
    get house() {
      return house;
    },
    get browser() {
      return browser;
    },
  };

  describe("language and theme at the sign-in", () => firstChoice(noon));
  describe("an operator in front of it", () => live(noon));
  describe("an engineer in front of a device", () => device(noon));
  describe("an engineer at the line of a device", () => trace(noon));
  describe("every screen", () => screens(noon));
  describe("the room of a screen", () => layout(noon));
  describe("who writes a set-point", () => setPoints(noon));
  describe("an administrator of profiles", () => profiles(noon));
  describe("an administrator with a new inverter", () => onboarding(noon));
  describe("an administrator of many devices", () => administration(noon));
  describe("every screen of an administrator", () => adminScreens(noon));
});
