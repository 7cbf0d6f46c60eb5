import { LatestValues } from "@sunledger/model";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../support/until.ts";
import { enter, look, type Noon, pathOf } from "./noon.ts";

const second = 1_000;

/** What an engineer sees of one device. */
export function device(noon: Noon): void {
  let page: Page;
  let complaints: readonly string[];
  let address: string;

  beforeAll(async () => {
    ({ page, complaints } = await enter(noon));
    address = await pathOf(noon, "qinghe", "INV-04");
  });

  afterAll(async () => {
    await page?.context().close();
  });

  test.each([
    [1_366, "en", "Registers, live"],
    [390, "en", "Registers, live"],
    [390, "zh-CN", "实时寄存器"],
  ])("sees every register whole on %d pixels in %s", async (width, language, name) => {
    await page.setViewportSize({ width, height: 768 });
    await look(page, { language, theme: "dark" });
    await page.goto(address);
    const table = page.getByRole("table", { name });
    const power = table.getByRole("row").filter({ hasText: "ac.power.active" }).first();
    const age = power.getByText(/^\d+ (s|秒)$/).filter({ visible: true });
    await age.waitFor();

    expect(await overhangOf(age)).toBeLessThanOrEqual(0);
    expect(await overhangOf(table)).toBeLessThanOrEqual(0);
    const label = await power.locator('[data-column="name"]').boundingBox();
    expect(label?.width).toBeGreaterThan(100);
  });

  test("reaches every button of a zoomed chart on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await look(page, { language: "en", theme: "dark" });
    await page.goto(`${address}?from=0&to=60000`);
    const chart = page.getByRole("region", { name: "History" });
    await chart.getByRole("button", { name: "Whole period" }).waitFor();
    const boxes = await Promise.all(
      (await chart.getByRole("button").all()).map((button) => button.boundingBox()),
    );

    expect(boxes.map((box) => [(box?.x ?? 0) + (box?.width ?? 0) <= 390, box?.height])).toEqual(
      boxes.map(() => [true, expect.closeTo(27, -1)]),
    );
  });

  test("sees the last ten minutes of a register at once", async () => {
    await page.setViewportSize({ width: 1_366, height: 768 });
    await look(page, { language: "en", theme: "dark" });
    await page.goto(address);
    const curve = page
      .getByRole("img", { name: "Active power, last 10 minutes", exact: true })
      .locator("path");
    const secondsAgo = async () => {
      const drawn = (await curve.getAttribute("d", { timeout: second }).catch(() => null)) ?? "";
      return 6 * (100 - Number(/^M([\d.]+)/.exec(drawn)?.[1] ?? 100));
    };
    const hasMinute = async () => (await secondsAgo()) > 60;
    await until("a minute of values", hasMinute, { timeoutMs: 100 * second });
    await page.reload();

    // What it hears from now on would take as long again.
    await until("the same after opening it anew", hasMinute, { timeoutMs: 50 * second });
  });

  test("picks a day of the past by keyboard", async () => {
    await page.getByRole("button", { name: "Day…" }).click();
    const calendar = page.getByRole("dialog", { name: "Choose a day" });
    await calendar.locator("[data-autofocus]:focus").waitFor();
    await page.keyboard.press("Escape");
    await calendar.waitFor({ state: "hidden" });
    await page.locator("button:focus", { hasText: "Day…" }).waitFor();

    await page.keyboard.press("Enter");
    await calendar.locator("[data-autofocus]:focus").waitFor();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForURL(/period=\d{4}-\d\d-\d\d/);
    await calendar.waitFor({ state: "hidden" });
  });

  test("sees every row grow old when the gateway hangs, and afterwards the gap and its reason", async () => {
    await page.goto(address);
    const rows = page.getByRole("table", { name: "Registers, live" }).locator("tr[data-state]");
    const states = () =>
      rows.evaluateAll((all) => [...new Set(all.map((row) => row.dataset.state))]);
    await until("a live device", async () => (await states()).includes("live"));
    const { serverTime: stopped } = LatestValues.parse(
      await (await page.request.get(`/api/v1${address}/latest`)).json(),
    );
    const { pid } = noon.house.program("qinghe-gw");
    process.kill(pid ?? 0, "SIGSTOP");
    try {
      await until("every row to be old", async () =>
        (await states()).every((state) => state === "stale" || state === "offline"),
      );
      const age = rows
        .filter({ hasText: "ac.power.active" })
        .first()
        .getByText(/^(stale|offline) \d+ s$/);
      const first = await age.last().innerText();
      await until("its age to grow", async () => (await age.last().innerText()) !== first);
    } finally {
      process.kill(pid ?? 0, "SIGCONT");
    }

    await until("live rows again", async () => (await states()).includes("live"));
    const [from, to] = [stopped - 10 * second, stopped + 120 * second];
    const told = page.getByRole("img", { name: /^History: .* no data [^()]* \(gateway\)$/ });
    // A gap is over once no value of it may still be on its way.
    const isTold = async () => {
      await page.goto(`${address}?from=${from}&to=${to}`);
      return told.waitFor({ timeout: 5 * second }).then(
        () => true,
        () => false,
      );
    };
    await until("the gap and its reason", isTold, { timeoutMs: 100 * second });
  });

  test("has nothing to complain about", () => {
    // Before the sign-in nobody is signed in.
    expect(complaints.filter((text) => !text.includes("401"))).toEqual([]);
  });
}

/** By how many pixels an element, or anything beside it, reaches beyond what scrolls around it. */
function overhangOf(locator: Locator): Promise<number> {
  return locator.evaluate((element) => {
    const frame = element.closest('[role="group"]');
    const edge = frame.getBoundingClientRect().right;
    const own = element.getBoundingClientRect().right - edge;
    return Math.max(own, frame.scrollWidth - frame.clientWidth);
  });
}
