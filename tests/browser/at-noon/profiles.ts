import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsOn } from "../../support/violations.ts";
import { enter, type Noon } from "./noon.ts";

/** How a profile is tried out against a device, and compared with another one. */
export function profiles(noon: Noon): void {
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    ({ page, complaints } = await enter(noon, { email: "admin@sunledger.example" }));
  });

  afterAll(async () => {
    await page?.context().close();
  });

  test("reads a device by one, with what each register held", async () => {
    await page.goto("/admin/profiles?profile=sunspec");
    await page.getByLabel("Gateway", { exact: true }).selectOption("baishan-gw");
    await page.getByRole("button", { name: "Read it now" }).click();
    await page.getByText("Give the device's address").waitFor();
    const url = `tcp://127.0.0.1:${noon.house.ports.simulators + 3}?unit=1`;
    await page.getByLabel("Address of the device").fill(url);
    await page.getByRole("button", { name: "Read it now" }).click();

    await page
      .getByRole("status")
      .filter({ hasText: /SL-110K.*\d+ values read/ })
      .waitFor();
    const answered = page.getByRole("table", { name: "What the device answered" });
    const power = answered.getByRole("row").filter({ hasText: "Active power" }).first();
    await power.getByText(/^\d+\.\d+\s?kW$/).waitFor();
    await power.getByText(/^([0-9A-F]{4} ?)+$/).waitFor();
    expect(await violationsOn(page)).toEqual([]);
  });

  test("is told that what answers is another device", async () => {
    const inverter = `tcp://127.0.0.1:${noon.house.ports.simulators + 10}?unit=1`;
    await page.getByLabel("Address of the device").fill(inverter);
    await page.getByRole("button", { name: "Read it now" }).click();

    await page.getByRole("alert").filter({ hasText: /\w/ }).waitFor();
    expect(await page.getByRole("table", { name: "What the device answered" }).count()).toBe(0);
  });

  test("sees the first of many differences beside as many registers", async () => {
    await page.goto("/admin/profiles?profile=huawei-sun2000");
    const registers = page.getByRole("table", { name: /^Registers of huawei-sun2000/ });
    await registers.getByRole("row").nth(1).waitFor();
    await page.getByLabel("Compare it with").selectOption("sungrow-sg");
    await page
      .getByRole("table", { name: "By what huawei-sun2000 differs from sungrow-sg" })
      .getByRole("row", { name: /alone/ })
      .first()
      .waitFor();
  });

  test("sees by what one differs from another", async () => {
    await page.goto("/admin/profiles?profile=eastron-sdm630");
    await page.getByLabel("Compare it with").selectOption("eastron-sdm120");
    await page.waitForURL("**/admin/profiles?profile=eastron-sdm630&against=eastron-sdm120");
    const differences = page.getByRole("table", {
      name: "By what eastron-sdm630 differs from eastron-sdm120",
    });
    const gone = differences.getByRole("row").filter({ hasText: "ac.voltage.bn" });
    await gone.filter({ hasText: "eastron-sdm630 alone" }).waitFor();
    expect(await violationsOn(page)).toEqual([]);
    await page.reload();
    await differences.waitFor();
    expect(complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });
}
