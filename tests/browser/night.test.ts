import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, openBrowser, openPage, signInAt } from "../support/browser.ts";
import { startHouse, type TestHouse } from "../support/house.ts";
import { atNight } from "../support/house-time.ts";
import { patient } from "../support/patient.ts";

describe.skipIf(!hasChromium())("an operator by night", () => {
  let house: TestHouse;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    house = await startHouse({ history: false, args: atNight });
    browser = await openBrowser();
    ({ page } = await openPage(browser, house.address));
    await signInAt(page);
  });

  afterAll(async () => {
    await browser?.close();
    await house?.remove();
  });

  test("sees plants whose inverters sleep, and nothing amiss", async () => {
    await page.getByRole("link", { name: "Qinghe Rooftop" }).first().click();
    await seen(power().filter({ hasText: /[-−]0\.\d+\s*kW.*all 8 asleep/s }));

    const devices = page.getByRole("table", { name: "Devices" });
    await expect.poll(() => devices.getByText("asleep", { exact: true }).count(), patient).toBe(8);
    await seen(devices.getByRole("row").filter({ hasText: "METER-01" }).getByText("live"));
    expect(await page.getByText(/^(stale|offline)$/).count()).toBe(0);
  });

  test("sees nothing on a plant's page that the overview does not say, when nothing arrives", async () => {
    const { pid } = house.program("ingest");
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      await seen(power().filter({ hasText: /—\s*0 of 8/ }), 25_000);
      const devices = page.getByRole("table", { name: "Devices" });
      // A sleeper that says nothing has no part; only what stands stale keeps its last value.
      const hasValue = /\d\s*k?W/;
      await expect
        .poll(async () => {
          const rows = await devices.getByRole("row").allInnerTexts();
          return rows.filter((row) => hasValue.test(row) && !row.includes("stale"));
        }, patient)
        .toEqual([]);
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }
    await seen(power().filter({ hasText: "all 8 asleep" }));
  });

  test("is not told for long that inverters sleep whose gateway hangs", async () => {
    const { pid } = house.program("qinghe-gw");
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      // By the age of its word alone they would sleep for 30 s at least.
      await seen(power().filter({ hasText: /—\s*0 of 8 · (stale|offline)/ }), 25_000);
      // The tile may have been read anew a tick before the devices' words are told.
      await expect
        .poll(() => page.getByText("asleep", { exact: true }).count(), { timeout: 2_000 })
        .toBe(0);
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }
    await seen(power().filter({ hasText: "all 8 asleep" }));
  });

  function power(): Locator {
    return page.getByTestId("tile").filter({ hasText: "Active power" });
  }
});

function seen(locator: Locator, timeout = 60_000): Promise<void> {
  return locator.first().waitFor({ state: "visible", timeout });
}
