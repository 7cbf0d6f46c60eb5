// @vitest-environment happy-dom
import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import type { BrowserClock } from "../app/clock.ts";
import { rendered } from "../kit/testing/rendered.tsx";
import { openLive } from "../live/live.ts";
import { liveSocket } from "../live/socket.ts";
import { LiveProvider } from "../live/use-live.ts";
import { FigureTile } from "./figure-tile.tsx";
import { daySum } from "./sum.ts";

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
    const write = (share: number) => ({ number: String(share), unit: "%" });
    const { container } = await rendered(
      <LiveProvider value={openLive(liveSocket(clock), clock)}>
        <FigureTile label="PR" sum={sum} write={write} zone="Asia/Shanghai" counted />
      </LiveProvider>,
      language,
    );

    expect(screen.getByText(sub)).toBeDefined();
    expect(container.textContent).toContain(number);
  },
);
