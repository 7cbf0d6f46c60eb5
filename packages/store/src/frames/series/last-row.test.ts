import { expect, test } from "vitest";
import { lastRow } from "./last-row.ts";
import type { Asked, SeriesRow } from "./series-engine.ts";

const day = 86_400_000;
const noon = Date.UTC(2026, 5, 21, 12);
const asked: Asked = {
  ...{ organisation: "o", device: "d", layout: "l", points: [], good: false },
  ...{ from: 0, to: noon },
};

test("the newest row is looked for nearby first, and at last in all the time that was asked for", async () => {
  const near = await found([noon - day / 2, noon - 400 * day]);
  const far = await found([noon - 400 * day]);
  const none = await found([]);

  expect(near).toEqual({ at: noon - day / 2, days: [1] });
  expect(far).toEqual({ at: noon - 400 * day, days: [1, 8, 64, 512] });
  expect(none.at).toBeUndefined();
  expect(none.days.reduce((sum, one) => sum + one)).toBeCloseTo(noon / day, 6);
});

test("what lies behind the instant near which it is looked for is found, too", async () => {
  const to = Number.MAX_SAFE_INTEGER;

  expect((await found([noon - day / 2, noon + 400 * day], { to, near: noon })).at).toBe(
    noon + 400 * day,
  );
});

type Where = { readonly to: number; readonly near: number };

async function found(times: readonly number[], { to, near }: Where = { to: noon, near: noon }) {
  const days: number[] = [];
  const engine = {
    async last({ from, to: end }: Asked): Promise<SeriesRow | undefined> {
      days.push((end - from) / day);
      const at = Math.max(...times.filter((one) => one >= from && one < end));
      return Number.isFinite(at)
        ? { at, sequence: 1, stream: 1, values: [], flags: [] }
        : undefined;
    },
  };
  const row = await lastRow(engine, { ...asked, to }, near);
  return { at: row?.at, days };
}
