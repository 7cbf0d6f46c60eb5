import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { describe, expect, test, vi } from "vitest";
import { watchClock } from "./clock-watch.ts";
import type { SystemWord } from "./system-word.ts";

const bootedAt = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const log = pino({ level: "silent" });

describe("the watch over a clock (D-14)", () => {
  test("marks frames until the system says that it is right, and tells its anchor then", async () => {
    const { watch, set, pass, say, anchors } = await bench("unsynced");
    await pass(10_000);
    const marked = watch.mark(set.now());
    expect(marked).toEqual({ state: "unsynced", anchor: bootedAt });

    set.ahead(5 * hour);
    say("synced");
    await pass(2_000);

    expect(anchors).toEqual([bootedAt + 5 * hour]);
    expect(watch.mark(set.now())).toEqual({ state: "synced" });
    expect(watch.told()).toEqual({ state: "synced", by: "system" });
    await pass(120_000);
    expect(anchors).toHaveLength(1);
  });

  test("tells nothing when there is no frame to correct", async () => {
    const { pass, say, anchors } = await bench("unsynced");
    say("synced");
    await pass(10_000);

    expect(anchors).toEqual([]);
  });

  test("knows by its time the frame that was polled before the clock was set and kept after", async () => {
    const { watch, set, pass } = await bench("unsynced");
    await pass(10_000);
    const slot = set.now();
    watch.mark(slot);
    set.ahead(-3 * hour);

    expect(watch.mark(slot)).toEqual({ state: "unsynced", anchor: bootedAt });
    expect(watch.mark(set.now())).toEqual({ state: "unsynced", anchor: bootedAt - 3 * hour });
  });

  test("corrects such a frame too when it came after the system had its say", async () => {
    const { watch, set, pass, say, anchors } = await bench("unsynced");
    await pass(10_000);
    const slot = set.now();
    watch.mark(slot);
    set.ahead(hour);
    say("synced");
    await pass(2_000);
    expect(anchors).toHaveLength(1);

    expect(watch.mark(slot)).toEqual({ state: "unsynced", anchor: bootedAt });
    await pass(60_000);
    expect(anchors).toEqual([bootedAt + hour, bootedAt + hour]);
  });

  test("marks frames again when the clock is kept right no longer", async () => {
    const { watch, set, pass, say } = await bench("synced");
    expect(watch.mark(set.now())).toEqual({ state: "synced" });

    say("unsynced");
    await pass(61_000);
    expect(watch.mark(set.now())).toMatchObject({ state: "unsynced" });
  });

  test("goes by the platform's time where nothing on the machine can tell", async () => {
    const { watch, set, pass, anchors } = await bench("unknown");
    expect(watch.told()).toEqual({ state: "synced", by: "nobody" });

    watch.hear(set.now() + hour);
    expect(watch.told()).toEqual({ state: "unsynced", by: "platform", offsetMs: -hour });
    expect(watch.mark(set.now())).toEqual({ state: "unsynced", anchor: bootedAt });

    set.ahead(hour);
    watch.hear(set.now() + 100);
    expect(watch.told()).toEqual({ state: "synced", by: "platform", offsetMs: -100 });
    expect(anchors).toEqual([bootedAt + hour]);
    await pass(5_000);
    expect(anchors).toHaveLength(1);
  });

  test("marks frames while nobody has told, and gives them their time once the platform has", async () => {
    const { watch, set, anchors } = await bench("unknown");
    expect(watch.mark(set.now())).toEqual({ state: "unsynced", anchor: bootedAt });
    set.ahead(3 * hour);
    expect(watch.mark(set.now())).toEqual({ state: "unsynced", anchor: bootedAt + 3 * hour });
    expect(anchors).toEqual([]);

    watch.hear(set.now() - 50);
    expect(anchors).toEqual([bootedAt + 3 * hour]);
    expect(watch.mark(set.now())).toEqual({ state: "synced" });
  });

  test("knows at once that the clock was set away from the platform's time, and back", async () => {
    const { watch, set, pass, anchors } = await bench("unknown");
    watch.hear(set.now());
    expect(watch.mark(set.now())).toEqual({ state: "synced" });

    set.ahead(hour);
    expect(watch.mark(set.now())).toEqual({ state: "unsynced", anchor: bootedAt + hour });
    expect(watch.told()).toEqual({ state: "unsynced", by: "platform", offsetMs: hour });
    await pass(60_000);
    expect(anchors).toEqual([]);

    set.ahead(-hour);
    expect(watch.mark(set.now())).toEqual({ state: "synced" });
    await pass(0);
    expect(anchors).toEqual([bootedAt]);
  });

  test("trusts no word of the system from before the clock was set, and asks anew at once", async () => {
    const { watch, set, pass, say, anchors } = await bench("synced");
    expect(watch.mark(set.now())).toEqual({ state: "synced" });

    set.ahead(hour);
    expect(watch.mark(set.now())).toEqual({ state: "unsynced", anchor: bootedAt + hour });
    await pass(0);
    // It was the system that set it.
    expect(anchors).toEqual([bootedAt + hour]);
    expect(watch.mark(set.now())).toEqual({ state: "synced" });

    say("unsynced");
    set.ahead(hour);
    expect(watch.mark(set.now())).toMatchObject({ state: "unsynced" });
    await pass(0);
    expect(watch.told()).toEqual({ state: "unsynced", by: "system" });
  });

  test.each(["synced", "unknown"] as const)(
    "says that it was set to whoever asks first (%s)",
    async (word) => {
      const { watch, set } = await bench(word);
      watch.hear(set.now());
      expect(watch.isSynced()).toBe(true);
      set.ahead(hour);
      expect(watch.isSynced()).toBe(false);
    },
  );

  test("asks seldom after some minutes, and often again once the clock was set", async () => {
    const { watch, set, pass, say, asked, anchors } = await bench("unsynced");
    watch.mark(set.now());
    await pass(10 * 60_000);
    const before = asked.mock.calls.length;
    await pass(hour);
    expect(asked.mock.calls.length - before).toBe(60);

    set.ahead(hour);
    await pass(62_000);
    say("synced");
    await pass(2_000);
    expect(anchors).toEqual([bootedAt + hour]);
  });

  test.each(["synced", "unsynced"] as const)("is overruled by the setting %s", async (setting) => {
    const other = setting === "synced" ? "unsynced" : "synced";
    const { watch, set, pass, say, anchors } = await bench(other, setting);
    watch.hear(set.now() - 10 * hour);
    set.ahead(hour);
    say(other);
    await pass(120_000);

    expect(watch.isSynced()).toBe(setting === "synced");
    expect(watch.mark(set.now()).state).toBe(setting);
    expect(watch.told()).toMatchObject({ state: setting, by: "setting", offsetMs: 10 * hour });
    expect(anchors).toEqual([]);
  });
});

/** A machine whose steady clock began at 0 when its wall clock said `bootedAt`. */
async function bench(first: SystemWord, setting?: "synced" | "unsynced") {
  const steady = drivenClock(0);
  let anchor = bootedAt;
  let word = first;
  const asked = vi.fn(async () => word);
  const clock = {
    now: () => steady.now() + anchor,
    wait: (ms: number, signal?: AbortSignal) => steady.wait(ms, signal),
  };
  const parts = { setting, clock, steady: steady.now, systemWord: asked, log };
  const watch = await watchClock(parts, new AbortController().signal);
  const anchors: number[] = [];
  watch.onSynced((anchor) => anchors.push(anchor));
  return {
    ...{ watch, anchors, asked },
    pass: (ms: number) => steady.advance(steady.now() + ms),
    say(next: SystemWord) {
      word = next;
    },
    set: {
      now: clock.now,
      ahead(ms: number) {
        anchor += ms;
      },
    },
  };
}
