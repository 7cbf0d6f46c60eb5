import { type Layout, layoutHash } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { memoryFrameStore } from "@sunledger/store";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { batch, energies, energiesHash, powers, powersHash, stored } from "../testing/frames.ts";
import { layouts } from "./layouts.ts";

const log = pino({ level: "silent" });

describe("layouts", () => {
  test("an announced layout is usable once the store has it", async () => {
    const { known, frameStore } = shelf();

    expect(await known.announce(powersHash, powers)).toEqual({ ok: true });
    expect(known.of(powersHash)).toBe(undefined);
    expect(await known.keepAnnounced()).toEqual([powersHash]);
    expect(known.of(powersHash)).toEqual(powers);
    expect(await frameStore.layout(powersHash)).toEqual(powers);
  });

  test.each([
    ["a foreign name", energiesHash, powers, "its name is not the hash of its content"],
    ["no hash", "../../etc", powers, "its name is no hash"],
    ["no layout", powersHash, { lane: "values" }, expect.any(String)],
    ["nothing", powersHash, undefined, expect.any(String)],
  ])("refuses %s", async (_case, hash, content, reason) => {
    const { known } = shelf();

    expect(await known.announce(hash, content)).toEqual({ ok: false, reason });
    expect(await known.keepAnnounced()).toEqual([]);
  });

  test("only counters travel in their lane", async () => {
    const { known } = shelf();
    const mixed = { ...energies, points: [...energies.points, "ac.power.active"] };
    const unknown = { ...energies, points: ["no.such.point"] };

    expect(await known.announce(energiesHash, energies)).toEqual({ ok: true });
    expect(await known.announce(await layoutHash(mixed), mixed)).toEqual({
      ok: false,
      reason: "ac.power.active is no counter",
    });
    expect(await known.announce(await layoutHash(unknown), unknown)).toMatchObject({ ok: false });
  });

  test("one that was kept before is found in the store; an absent one is not asked for each time", async () => {
    const { known, frameStore, asked, pace } = shelf();
    for (let i = 0; i < 5; i += 1) await known.seek([powersHash]);
    expect(asked()).toBe(1);

    await frameStore.keepLayout(powersHash, powers);
    await pace.advance(pace.now() + 1_000);
    await known.seek([powersHash]);
    expect(known.of(powersHash)).toEqual(powers);
  });

  test("what the store could not keep is kept later", async () => {
    const { known, fail } = shelf();
    await known.announce(powersHash, powers);

    fail(true);
    await expect(known.keepAnnounced()).rejects.toThrow();
    fail(false);
    expect(await known.keepAnnounced()).toEqual([powersHash]);
  });

  test("a store that was restored gets the layouts in use again", async () => {
    const { known, kept } = shelf();
    await known.announce(powersHash, powers);
    await known.announce(energiesHash, energies);
    await known.keepAnnounced();

    kept.length = 0;
    await known.keepAgain([batch([stored(1), stored(2)])]);
    expect(kept).toEqual([powersHash]);
  });
});

function shelf() {
  const frameStore = memoryFrameStore();
  const pace = drivenClock(0);
  let asked = 0;
  let failing = false;
  const kept: string[] = [];
  const watched = {
    keepLayout: async (hash: string, layout: Layout) => {
      if (failing) throw new Error("away");
      kept.push(hash);
      await frameStore.keepLayout(hash, layout);
    },
    layout: (hash: string) => {
      asked += 1;
      return frameStore.layout(hash);
    },
  };
  const known = layouts({ frameStore: watched, pace, log });
  const fail = (on: boolean) => {
    failing = on;
  };
  return { known, frameStore, pace, kept, asked: () => asked, fail };
}
