import { drivenClock } from "@sunledger/runtime";
import { describe, expect, test } from "vitest";
import { pace } from "./pace.ts";

describe("pace", () => {
  test("sends at once after a quiet time and then once a second", async () => {
    const clock = drivenClock(10_000);
    const sent: number[] = [];
    const { signal } = new AbortController();
    const news = pace({ clock, signal, send: () => sent.push(clock.now()), gatherMs: 0 });
    clock.every(100, news, signal);

    await clock.advance(13_000);

    expect(sent).toEqual([10_100, 11_080, 12_060]);
  });

  test("comes back to the rhythm of the news after it was held up", async () => {
    const clock = drivenClock(0);
    const sent: number[] = [];
    const { signal } = new AbortController();
    const news = pace({ clock, signal, send: () => sent.push(clock.now()), gatherMs: 0 });
    for (let slot = 0; slot <= 60; slot += 1) {
      const late = slot === 2 ? 500 : 0;
      void clock.wait(slot * 1_000 + late).then(news);
    }

    await clock.advance(61_000);

    expect(sent[2]).toBe(2_500);
    expect(sent.slice(-5)).toEqual([56_000, 57_000, 58_000, 59_000, 60_000]);
  });

  test("waits a little for what belongs to the same moment", async () => {
    const clock = drivenClock(0);
    const sent: number[] = [];
    const { signal } = new AbortController();
    const news = pace({ clock, signal, send: () => sent.push(clock.now()), gatherMs: 80 });

    news();
    await clock.advance(50);
    news();
    await clock.advance(5_000);

    expect(sent).toEqual([80]);
  });

  test("is silent after its end", async () => {
    const clock = drivenClock(0);
    const ended = new AbortController();
    let sent = 0;
    const news = pace({ clock, signal: ended.signal, send: () => (sent += 1) });

    news();
    ended.abort();
    await clock.advance(5_000);
    news();
    await clock.advance(10_000);

    expect(sent).toBe(0);
  });
});
