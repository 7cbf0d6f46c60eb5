import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { smallTargetsOn } from "../../support/small-targets.ts";
import { violationsOn } from "../../support/violations.ts";
import { enter, look, type Noon, pathOf } from "./noon.ts";

const looks = [
  { theme: "dark", language: "en" },
  { theme: "grey", language: "zh-CN" },
  { theme: "light", language: "en" },
] as const;

const wall = { width: 1_920, height: 1_080 };
const phone = { width: 390, height: 844 };

/** What every screen of an administrator holds to, when all of them have something to show. */
export function adminScreens(noon: Noon): void {
  let page: Page;
  let inverter: string;

  beforeAll(async () => {
    ({ page } = await enter(noon, { email: "admin@sunledger.example" }));
    inverter = await pathOf(noon, "baishan", "INV-01");
  });

  afterAll(async () => {
    await page?.context().close();
  });

  describe.each(looks)("in $theme and $language", (chosen) => {
    beforeAll(() => look(page, chosen));

    test.each([
      "/admin/devices",
      "/admin/devices/new",
      "/admin/devices/import",
      "replace",
      "/admin/gateways?gateway=baishan-gw",
      "/admin/rollouts",
      "/admin/profiles?profile=huawei-sun2000&against=sungrow-sg",
      "/admin/audit",
    ])("%s can be used by everybody, on a phone too", async (screen) => {
      await page.setViewportSize(wall);
      await page.goto(screen === "replace" ? `/admin${inverter}/replace` : screen);
      await page.locator("#screen :is(table, form, input)").first().waitFor();

      expect(await violationsOn(page)).toEqual([]);
      expect(await smallTargetsOn(page)).toEqual([]);
      const english = page.locator("#screen [lang=en]").filter({ visible: true });
      if (chosen.language !== "en") expect(await english.count()).toBe(0);
      await page.setViewportSize(phone);
      expect(await smallTargetsOn(page)).toEqual([]);
      const wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
      expect(await page.evaluate(wide)).toBeLessThanOrEqual(0);
    });
  });
}
