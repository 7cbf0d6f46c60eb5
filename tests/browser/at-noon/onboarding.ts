import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { patient } from "../../support/patient.ts";
import { enter, type Noon } from "./noon.ts";

/** How a new inverter comes to be polled. */
export function onboarding(noon: Noon): void {
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    ({ page, complaints } = await enter(noon, { email: "admin@sunledger.example" }));
  });

  afterAll(async () => {
    await page?.context().close();
  });

  test("has it polled after six steps that end with its live values", async () => {
    const url = `tcp://127.0.0.1:${noon.house.ports.simulators}?unit=1`;
    await page.getByRole("link", { name: "Admin" }).click();
    await page.getByRole("link", { name: "Add a device" }).click();
    const steps = page.getByRole("list", { name: "Steps" }).getByRole("listitem");
    await expect.poll(() => steps.count(), patient).toBe(6);

    await page.getByLabel("Gateway", { exact: true }).selectOption("baishan-gw");
    await page.getByLabel("Where to look").fill(url);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("button", { name: /^Add Sunledger SL-110K/ }).click();
    expect(await page.getByRole("radio").first().isChecked()).toBe(true);
    await page.getByRole("button", { name: "Test this profile" }).click();

    const read = page.getByRole("table", { name: "What the device answered" });
    const power = read.getByRole("row").filter({ hasText: "Active power" }).first();
    await power.getByText(/^\d+\.\d+\s?kW$/).waitFor();
    await page.getByRole("button", { name: "The values are right" }).click();

    expect(await page.getByLabel("Tag").inputValue()).toBe("INV-04");
    await page.getByLabel("Tag").fill("INV-01");
    await page.getByRole("button", { name: "Use this name" }).click();
    await page.getByText("The plant has a device INV-01 already").waitFor();
    await page.getByLabel("Tag").fill("INV-09");
    await page.getByRole("button", { name: "Use this name" }).click();
    await page.getByRole("button", { name: "Commission" }).click();

    const live = page.getByRole("table", { name: "Live values of INV-09" });
    const shown = live.getByRole("row").filter({ hasText: "Active power" }).first();
    await shown.getByText(/^\d+\.\d+\s?kW$/).waitFor();
    expect(complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });

  test("comes by the address of the administration to its first screen", async () => {
    await page.goto("/admin");

    await page.waitForURL("**/admin/devices");
    await page.getByRole("heading", { level: 1, name: "Devices" }).waitFor();
  });

  test("finds it among the others, and the version that brought it", async () => {
    await page.goto("/admin/devices");
    const row = page.getByRole("row").filter({ hasText: "INV-09" });
    await row.getByText("baishan-gw").waitFor();
    await page.goto("/admin/gateways?gateway=baishan-gw");
    await page.getByText("Adds INV-09").waitFor();
    await page.getByRole("button", { name: "Changes in 1" }).click();

    await page.getByText("devices[INV-09].url").waitFor();
  });

  test("is told why a search cannot be made elsewhere", async () => {
    await page.goto("/admin/devices/new");
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByText("Say where to look").waitFor();
    await page.getByLabel("Where to look").fill("tcp://10.0.0.1:502?unit=1");
    await page.getByRole("button", { name: "Search" }).click();

    await page.getByRole("alert").filter({ hasText: "This gateway may not look there." }).waitFor();
  });

  test("is alone in seeing the way there", async () => {
    const { page: operators } = await enter(noon);
    await operators.getByRole("link", { name: "Overview" }).waitFor();

    expect(await operators.getByRole("link", { name: "Admin" }).count()).toBe(0);
  });
}
