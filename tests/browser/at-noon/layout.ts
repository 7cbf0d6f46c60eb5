import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { smallTargetsOn } from "../../support/small-targets.ts";
import { enter, type Noon, pathOf } from "./noon.ts";

const wall = { width: 1_920, height: 1_080 };
const phone = { width: 390, height: 844 };

/** What a screen does with its room. */
export function layout(noon: Noon): void {
  let page: Page;
  let plant: string;
  let inverter: string;

  beforeAll(async () => {
    ({ page } = await enter(noon, { email: "admin@sunledger.example" }));
    plant = await pathOf(noon, "qinghe");
    inverter = await pathOf(noon, "qinghe", "INV-04");
  });

  afterAll(async () => {
    await page?.context().close();
  });

  test.each([wall, { width: 2_560, height: 1_440 }])(
    "of a small plant goes to its curve, not to empty rows: $width × $height",
    async (size) => {
      await open(plant, size);
      const rows = page.getByRole("table", { name: "Devices" }).getByRole("row");
      const last = await rows.last().boundingBox();
      const panel = await boxOf("Devices");
      const curve = await boxOf("Power and irradiance");

      expect(bottomOf(panel) - bottomOf(last)).toBeLessThan(16);
      expect(curve.height).toBeGreaterThan(panel.height);
      expect(bottomOf(panel)).toBeGreaterThan(size.height - 24);
    },
  );

  test("of few plants in the overview goes to their day", async () => {
    await open("/overview", wall);
    const rows = page.getByRole("table", { name: "Plants, worst first" }).getByRole("row");
    const table = await boxOf("Plants, worst first");
    for (const name of ["Qinghe Rooftop", "Baishan Workshop"]) {
      await page.getByRole("img", { name: new RegExp(`^${name}, today: .*Power`) }).waitFor();
      const day = await boxOf(`${name}, today`);
      expect(day.height).toBeGreaterThan(table.height);
      expect(bottomOf(day)).toBeGreaterThan(wall.height - 24);
    }

    expect(bottomOf(table) - bottomOf(await rows.last().boundingBox())).toBeLessThan(16);
  });

  test("of a device on a phone is scrolled as a page, and its registers as a part of it", async () => {
    await open(inverter, phone);
    const table = page.getByRole("group", { name: "Registers, live" });
    const within = await table.evaluate((frame) => frame.scrollHeight - frame.clientHeight);
    expect(within).toBeLessThanOrEqual(0);

    const rowsSeen = () =>
      table
        .locator("tr[data-state]")
        .evaluateAll(
          (rows, end) =>
            rows
              .map((row) => row.getBoundingClientRect())
              .filter(({ top, bottom }) => bottom > 100 && top < end).length,
          phone.height,
        );
    const screen = page.locator("#screen");
    const { scrollHeight } = await screen.evaluate(({ scrollHeight }) => ({ scrollHeight }));
    for (const share of [0.2, 0.4, 0.6]) {
      await screen.evaluate((element, to) => element.scrollTo(0, to), scrollHeight * share);
      await expect.poll(rowsSeen, { timeout: 15_000 }).toBeGreaterThan(5);
    }
    await page.getByRole("region", { name: "History" }).scrollIntoViewIfNeeded();
    await page.getByRole("heading", { name: "Identity" }).scrollIntoViewIfNeeded();
  });

  test("breaks the name of a point behind its dots only", async () => {
    await open(inverter, phone);
    const names = page.locator('[data-column="name"] span span');
    const broken = await names.evaluateAll((spans) =>
      spans.flatMap((span) =>
        [...span.childNodes]
          .filter(({ nodeType }) => nodeType === 3)
          .filter((text) => {
            const range = text.ownerDocument?.createRange();
            range?.selectNode(text);
            return new Set([...(range?.getClientRects() ?? [])].map(({ top }) => top)).size > 1;
          })
          .map(() => span.textContent),
      ),
    );

    expect(await names.count()).toBeGreaterThan(5);
    expect(broken).toEqual([]);
  });

  test("is enough for every target: 24 pixels, on a wall display and on a phone", async () => {
    const places = [
      ...["/overview", plant, `${plant}/set-aside`, inverter, `${inverter}/set-points`],
      ...[`${inverter}/trace`, "/me", "/nowhere"],
    ];
    for (const place of places) {
      await open(place, wall);
      expect([place, await smallTargetsOn(page)]).toEqual([place, []]);
      await page.setViewportSize(phone);
      expect([place, await smallTargetsOn(page)]).toEqual([place, []]);
    }
  });

  async function open(address: string, size: { readonly width: number; readonly height: number }) {
    await page.setViewportSize(size);
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).first().waitFor({ state: "attached" });
    const loading = page.locator('[role="status"][aria-label]');
    await expect.poll(() => loading.count(), { timeout: 30_000 }).toBe(0);
  }

  async function boxOf(region: string) {
    const place = page.getByRole("region", { name: region, exact: true });
    await place.waitFor();
    const box = await place.boundingBox();
    if (!box) throw new Error(`${region} is not seen`);
    return box;
  }
}

type Box = { readonly y: number; readonly height: number };

function bottomOf(box: Box | null): number {
  return (box?.y ?? 0) + (box?.height ?? 0);
}
