// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { BrowserClock } from "../app/clock.ts";
import { rendered } from "../kit/testing/rendered.tsx";
import { openLive } from "../live/live.ts";
import { liveSocket } from "../live/socket.ts";
import { LiveProvider } from "../live/use-live.ts";
import { FigureTile } from "./figure-tile.tsx";
import { daySum, type Sum } from "./sum.ts";

afterEach(cleanup);

const coverage = { reporting: 8, total: 8 };
const clock: BrowserClock = { now: () => at, after: () => () => {} };
const at = Date.UTC(2026, 5, 21, 4);

test.each([
  ["en", 1, "~1", "part of the day unknown · 8 of 8 counted"],
  ["zh-CN", 1, "~1", "当日部分时段无数据 · 已计入 8 / 8 台"],
  ["en", null, "—", "part of the day unknown · 8 of 8 counted"],
] as const)(
  "a figure of a day that is known in part says so: %s %j",
  async (language, value, number, sub) => {
    const doubt = {
      ...(value !== null && { doubtful: true as const }),
      reason: "partOfDay" as const,
    };
    const sum = daySum({ value, at, coverage, ...doubt }, "live", "live");
    const { container } = await shown({ sum, counted: true }, language);

    expect(screen.getByText(sub)).toBeDefined();
    expect(container.textContent).toContain(number);
  },
);

const minutesAgo = (minutes: number) => at - minutes * 60_000;
const whole = { value: 5, at, state: "live", doubtful: false, coverage } as const;
const silent = {
  value: null,
  at: at - 43_000,
  doubtful: false,
  reason: "lowCoverage",
  coverage: { reporting: 0, total: 8 },
} as const;
const asleep = {
  ...whole,
  state: "asleep",
  coverage: { reporting: 0, total: 8, asleep: 8 },
} as const;

test.each<[string, Sum, "en" | "zh-CN"]>([
  ["of 880 kW · 8 of 8 reporting", whole, "en"],
  ["of 880 kW · 8 / 8 台上报", whole, "zh-CN"],
  ["of 880 kW · all 8 asleep", asleep, "en"],
  [
    "of 880 kW · 7 awake, 1 asleep, of 8",
    { ...whole, coverage: { reporting: 7, total: 8, asleep: 1 } },
    "en",
  ],
  ["0 of 8 · stale 43 s", { ...silent, state: "stale" }, "en"],
  ["0 of 8 · offline since 11:59:17", { ...silent, state: "offline" }, "en"],
  ["too dark", { ...whole, value: null, reason: "tooDark" }, "en"],
  ["no device measures it", { ...whole, value: null, coverage: null, reason: "noDevices" }, "en"],
  ["imported: last value 2026-06-21 12:00:00", { ...whole, state: "imported" }, "en"],
])("a figure says what it stands for: %s", async (sub, sum, language) => {
  await shown({ sum, about: "of 880 kW" }, language);

  expect(screen.getByText(sub)).toBeDefined();
});

test.each<[string, Sum]>([
  ["7 of 8 counted", { ...whole, coverage: { reporting: 7, total: 8 } }],
  ["8 of 8 counted, some stale", { ...whole, doubtful: true }],
  ["8 of 8 counted · late: 2 min old", { ...whole, state: "late", at: minutesAgo(2) }],
  ["8 of 8 counted · stale 6 min", { ...whole, state: "stale", at: minutesAgo(6) }],
])("a figure of the day says how many it counted: %s", async (sub, sum) => {
  await shown({ sum, counted: true });

  expect(screen.getByText(sub)).toBeDefined();
});

type Shown = Pick<Parameters<typeof FigureTile>[0], "sum" | "about" | "counted">;

function shown(figure: Shown, language: "en" | "zh-CN" = "en") {
  const write = (value: number) => ({ number: String(value), unit: "%" });
  return rendered(
    <LiveProvider value={openLive(liveSocket(clock), clock)}>
      <FigureTile label="PR" write={write} zone="Asia/Shanghai" {...figure} />
    </LiveProvider>,
    language,
  );
}
