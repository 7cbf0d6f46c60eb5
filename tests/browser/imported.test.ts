import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, openBrowser, openPage, signInAt } from "../support/browser.ts";
import { environmentOf, startHouse, sunledger, type TestHouse } from "../support/house.ts";

const trace = fileURLToPath(
  new URL("../data/pv/plants/plant_8inverters_5min.csv.gz", import.meta.url),
);
const map = fileURLToPath(new URL("../../simulators/maps/plant-8inverters.yaml", import.meta.url));
const place = ["--zone", "America/Denver", "--position", "39.7,-105.2"];

describe.skipIf(!hasChromium())("a real trace that was replayed", () => {
  let house: TestHouse;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    house = await startHouse({ history: false });
    browser = await openBrowser();
    ({ page } = await openPage(browser, house.address));
    const { code, errors } = await sunledger(
      ["replay", trace, "--map", map, "--plant", "prairie", "--register", ...place],
      environmentOf(house.dataDir, house.ports),
    );
    if (code !== 0) throw new Error(errors);
    await signInAt(page);
  });

  afterAll(async () => {
    await browser?.close();
    await house?.remove();
  });

  test("is imported, of its last day, and nothing abnormal", async () => {
    const row = page.getByRole("row").filter({ hasText: "prairie" });
    await row.getByText("imported", { exact: true }).waitFor();

    expect(await row.getByText("1990-10-13").count()).toBe(1);
    expect(await row.getByText("11 imported").count()).toBe(1);
    // Those of the demo: of what was imported nothing is expected.
    const abnormal = page.getByTestId("tile").filter({ hasText: "Plants abnormal" });
    expect(await abnormal.getByText("of 2 plants").count()).toBe(1);
  });

  test("leads to the day of its last data, with power and irradiance", async () => {
    await page.getByRole("link", { name: "prairie" }).first().click();
    await page.getByRole("button", { name: "Last data: 13 October 1990 – show that day" }).click();
    await page.waitForURL(/period=1990-10-13/);

    await page
      .getByRole("img", {
        name: /^Power and irradiance: Irradiance W\/m² between 0 and \d{3}, .*Power MW between .* and 5\.\d+, .* 0 gaps$/,
      })
      .waitFor();
  });

  test("has devices with their last values and a curve", async () => {
    await page.getByRole("link", { name: "INV-03" }).first().click();
    const registers = page.getByRole("table", { name: "Registers, live" });
    await registers.getByText("1990-10-13").filter({ visible: true }).waitFor();
    await page.getByText("no gateway polls it; its values are imported").waitFor();
    await page.getByRole("button", { name: "Last data: 13 October 1990 – show that day" }).click();

    await page
      .getByRole("img", { name: /^History: Active power kW between .* and 7\d\d\.\d, .* 0 gaps$/ })
      .waitFor();
  });
});
