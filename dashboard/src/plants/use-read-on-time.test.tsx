// @vitest-environment happy-dom
import { act, cleanup, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, expect, test } from "vitest";
import { openLive } from "../live/live.ts";
import { handClock, handSocket } from "../live/testing/by-hand.ts";
import { LiveProvider } from "../live/use-live.ts";
import { refreshMs } from "./queries.ts";
import { useReadOnTime } from "./use-read-on-time.ts";

afterEach(cleanup);

const second = 1_000;
/** Without news, ages are drawn again so often. */
const drawnWithin = 1_100;

test("in a house of five times the speed, what was read is read anew in time", async () => {
  const { beat, pass, asked } = await opened();

  for (let at = second; at < refreshMs; at += second) await beat(at);
  expect(asked()).toBe(0);
  await beat(refreshMs);
  await pass(drawnWithin);
  expect(asked()).toBe(1);
});

test("what is on its way is not asked for again, nor at once what has failed", async () => {
  for (const standing of [{ isFetching: true }, { error: new Error("away") }]) {
    const { beat, pass, asked } = await opened(standing);
    await beat(2 * refreshMs);
    await pass(drawnWithin);

    expect(asked()).toBe(0);
  }
});

test("nothing is asked for where the server is not heard", async () => {
  const { beat, pass, asked } = await opened();
  await beat(second);
  await pass(2 * refreshMs);

  expect(asked()).toBe(0);
});

type Standing = { readonly isFetching?: boolean; readonly error?: Error };

/** The hook over what was read at the server's zero; the server's time passes by its beats. */
async function opened({ isFetching = false, error }: Standing = {}) {
  const clock = handClock();
  const socket = handSocket();
  const live = openLive(socket, clock);
  let asked = 0;
  const refetch = async () => {
    asked += 1;
    return undefined as never;
  };
  renderHook(() => useReadOnTime({ isFetching, error: error ?? null, refetch }, 0), {
    wrapper: ({ children }: { readonly children: ReactNode }) => (
      <LiveProvider value={live}>{children}</LiveProvider>
    ),
  });
  const pass = (ms: number) => act(async () => clock.pass(ms));
  await act(async () => live.start());
  await act(async () => socket.hear("connect"));
  return {
    asked: () => asked,
    pass,
    /** The server's next second, a fifth of one by the browser's clock. */
    async beat(at: number) {
      await act(async () => socket.hear("beat", { at }));
      await pass(200);
    },
  };
}
