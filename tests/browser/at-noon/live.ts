import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../support/until.ts";
import { enter, type Noon } from "./noon.ts";

/** What an operator sees of a house that runs, and of one that hangs. */
export function live(noon: Noon): void {
  let page: Page;
  let complaints: readonly string[];

  beforeAll(async () => {
    ({ page, complaints } = await enter(noon));
  });

  afterAll(async () => {
    await page?.context().close();
  });

  test("sees both plants, live", async () => {
    const plants = page.getByRole("table", { name: "Plants, worst first" });

    for (const name of ["Qinghe Rooftop", "Baishan Workshop"]) {
      const row = plants.getByRole("row").filter({ hasText: name });
      await seen(row.filter({ hasText: "live" }));
      await seen(row.locator('[data-column="power"]').filter({ hasText: /^[1-9]/ }));
    }
  });

  test("opens a plant and sees its curve gain points", async () => {
    await page.getByRole("link", { name: "Qinghe Rooftop" }).first().click();
    await page.waitForURL("**/plants/*");
    const picture = page.getByRole("img", { name: /^Power and irradiance: .*Power .W between/ });
    await seen(picture);
    const panel = page.locator("section").filter({ has: picture });
    // The crosshair on the newest point: its time and values stand in the legend.
    const newest = async () => {
      await picture.press("End");
      return /\d\d:\d\d:\d\d/.exec(await panel.innerText())?.[0];
    };
    const times = new Set<string | undefined>();

    await until("three more points", async () => times.add(await newest()).size > 3);
    expect([...times]).not.toContain(undefined);
  });

  test("sees the plant grow stale within seconds when its gateway hangs, and live again", async () => {
    const { pid } = noon.house.program("qinghe-gw");
    const plant = page.locator("header").filter({ has: page.getByRole("heading", { level: 1 }) });
    const devices = page.getByRole("table", { name: "Devices" });
    await seen(plant.getByText("live", { exact: true }));
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      await seen(plant.getByText(/^(stale|offline)$/), 15_000);
      await unseen(devices.getByText("live", { exact: true }));
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }
    await seen(plant.getByText("live", { exact: true }));
  });

  test("shows no sum and no flow of devices that are silent, and one age for all", async () => {
    const { pid } = noon.house.program("qinghe-gw");
    const tile = page.getByTestId("tile").filter({ hasText: "Active power" });
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      await seen(tile.filter({ hasText: /—\s*0 of 8 · (stale|offline)/ }), 15_000);
      await until("the header to follow", async () =>
        ["old"].includes((await page.getByTestId("connection").getAttribute("data-state")) ?? ""),
      );
      expect(await tile.getAttribute("data-state")).toMatch(/stale|offline/);
      expect(await page.locator("svg [marker-end], svg [marker-start]").count()).toBe(0);
      // Read at once: a moment later everything is a second older.
      const shown = await page.innerText("body");
      const [said = "", age = "nothing"] = / (\d+ s) old/.exec(shown) ?? [];
      expect(shown.replace(said, "")).toContain(` ${age}`);
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }
    await seen(tile.filter({ hasText: /\d\s*kW.*8 of 8 reporting/s }));
  });

  test("is told within seconds that the server hangs, and nothing counts as live then", async () => {
    const { pid } = noon.house.program("api");
    const connection = page.getByTestId("connection");
    await seen(connection.filter({ hasText: /^Live/ }));
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      await seen(connection.filter({ hasText: /^Reconnecting – values from/ }), 4_500);
      await seen(connection.filter({ hasText: /^No connection – values from/ }), 10_000);
      await unseen(page.getByRole("table", { name: "Devices" }).getByText("live", { exact: true }));
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }
    await seen(connection.filter({ hasText: /^Live/ }));
  });

  test("reads the same in Chinese", async () => {
    await page.getByRole("button", { name: "Operator" }).click();
    await page.getByText("中文").click();
    await seen(page.getByRole("heading", { level: 1, name: "清河屋顶电站" }));
    await seen(page.getByText("功率与辐照度").first());
    await page.keyboard.press("Escape");
  });

  test("opens a device and sees its registers change", async () => {
    await page.getByRole("link", { name: "METER-01" }).first().click();
    await page.waitForURL("**/devices/*");
    const table = page.getByRole("table").first();
    await seen(table.getByRole("row").nth(5));
    const before = await table.innerText();

    await until("a value to change", async () => {
      const now = await table.innerText();
      return valuesOf(now) !== valuesOf(before);
    });
  });

  test("and the page had nothing to complain about", () => {
    // Who is not signed in is told so with a 401, which a browser writes down by itself.
    expect(complaints.filter((text) => !text.includes("status of 401"))).toEqual([]);
  });
}

function seen(locator: Locator, timeout = 30_000): Promise<void> {
  return locator.first().waitFor({ state: "visible", timeout });
}

async function unseen(locator: Locator): Promise<void> {
  await until("it to be gone", async () => (await locator.count()) === 0, { timeoutMs: 15_000 });
}

/** The table's text without its ages, which change by themselves. */
function valuesOf(text: string): string {
  return text.replace(/\d+(\.\d+)? ?(s|秒)\b/g, "");
}
