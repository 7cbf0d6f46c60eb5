import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { violationsOn } from "../../support/violations.ts";
import { enter, look, type Noon, pathOf } from "./noon.ts";

/** How somebody looks at what goes over the line of a device. */
export function trace(noon: Noon): void {
  let page: Page;
  let complaints: readonly string[];
  let address: string;

  beforeAll(async () => {
    ({ page, complaints } = await enter(noon));
    address = await pathOf(noon, "baishan", "INV-02");
  });

  afterAll(async () => {
    await page?.context().close();
  });

  test("watches it, reads what was asked and answered, and keeps it as a file", async () => {
    await page.goto(address);
    await page.getByRole("link", { name: "Line", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Line of INV-02" }).waitFor();
    await page.getByRole("button", { name: "60 s" }).click();
    await page.getByRole("button", { name: "Watch the line" }).click();
    const messages = page.getByRole("table", { name: "What goes over the line" });
    const asked = messages.getByRole("row").filter({ hasText: "to the device" });
    const given = messages.getByRole("row").filter({ hasText: "from the device" });
    await asked
      .getByText(/unit 1: give \d+ holding registers? from \d+/)
      .first()
      .waitFor();
    await given
      .getByText(/unit 1: here are \d+ holding register/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page
      .getByRole("status")
      .filter({ hasText: /^\d+ messages\.$/ })
      .waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(await violationsOn(page)).toEqual([]);

    const saving = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save as a file" }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toMatch(/^INV-02-20260621T\d{6}Z\.txt$/);
    const [head, first] = (await readFile(await saved.path(), "utf8")).split("\n");
    expect(head).toBe("# the line of INV-02, with all units that share it");
    expect(first).toMatch(/^2026-06-21T[\d:.]+Z [<>] [0-9a-f]+$/);
    expect(complaints.filter((each) => !each.includes("401"))).toEqual([]);
  });

  test("uses it on a phone, in Chinese, without scrolling sideways", async () => {
    await look(page, { theme: "grey", language: "zh-CN" });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${address}/trace`);
    await page.getByRole("button", { name: "监视线路" }).click();
    await page
      .getByText(/从站 1：读取自 \d+ 起的 \d+ 个/)
      .first()
      .waitFor();
    const wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    expect(await page.evaluate(wide)).toBeLessThanOrEqual(0);
    expect(await violationsOn(page)).toEqual([]);
  });
}
