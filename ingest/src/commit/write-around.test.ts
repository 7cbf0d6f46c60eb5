import { type FrameBatch, type FrameStore, memoryFrameStore } from "@sunledger/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { batch, energies, energiesHash, powers, powersHash, stored } from "../testing/frames.ts";
import { writeAround } from "./write-around.ts";

describe("writeAround", () => {
  test("quarantines what the store refuses and writes all the rest (D-6)", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
        fc.integer({ min: 1, max: 40 }),
        async (poison, cut) => {
          const { frameStore, picky } = await stores((frame) => poison.includes(frame.sequence));
          const all = Array.from({ length: 40 }, (_, i) => stored(i + 1));
          const bad = { sequence: 41, code: "malformed" as const, reason: "bad", payload: 1 };

          const { written } = await writeAround(picky, [
            batch(all.slice(0, cut)),
            batch(all.slice(cut), { quarantined: [bad] }),
          ]);

          const fresh = written.flatMap(({ outcome }) => [...outcome.fresh]).sort((a, b) => a - b);
          expect(fresh).toEqual(all.map((f) => f.sequence).filter((n) => !poison.includes(n)));
          expect(written.at(-1)?.outcome.settled).toEqual([[1, 41]]);
          const { quarantined } = await frameStore.aside(batch([]).organisation, "roof-17");
          expect(quarantined.map(({ sequence }) => sequence).sort()).toEqual(
            [...poison, 41].sort(),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test("keeps only the beginning of a refused frame that is long", async () => {
    const { frameStore, picky } = await stores(() => true);
    const long = { ...stored(1), values: ["1".repeat(200_000)] };

    await writeAround(picky, [batch([long])]);

    const { quarantined } = await frameStore.aside(batch([]).organisation, "roof-17");
    expect(quarantined).toMatchObject([{ sequence: 1, payload: { cut: true } }]);
  });

  test("throws while the store takes nothing, and blames no frame", async () => {
    const { frameStore } = await stores(() => false);
    const away = { write: () => Promise.reject(new Error("connection refused")) };

    await expect(writeAround(away, [batch([stored(1)])])).rejects.toThrow("connection refused");
    expect((await frameStore.aside(batch([]).organisation, "roof-17")).quarantined).toEqual([]);
  });

  test("a full store that takes only empty writes is away, too", async () => {
    const full = {
      write: async (batches: readonly FrameBatch[]) => {
        const isEmpty = batches.every((b) => b.frames.length + b.quarantined.length === 0);
        if (!isEmpty) throw new Error("no space left on device");
        return [];
      },
    };
    const all = Array.from({ length: 100 }, (_, i) => stored(i + 1));

    await expect(writeAround(full, [batch(all)])).rejects.toThrow("no space left");
  });

  test.each(["53100", "25006", "57014", "40P01", "08006"])(
    "no frame is to blame for %s, though the store takes what is smaller (D-8)",
    async (code) => {
      const { frameStore, picky } = await stores(
        () => true,
        Object.assign(new Error("could not extend file"), { code }),
      );

      const writing = writeAround(picky, [batch([stored(1), stored(2)])]);

      await expect(writing).rejects.toThrow("could not extend file");
      expect((await frameStore.aside(batch([]).organisation, "roof-17")).quarantined).toEqual([]);
    },
  );

  test.each(["SERIES_AWAY", "SERIES_REFUSED"])(
    "%s of a store of time series blames no frame and holds no counters up (D-4, D-8)",
    async (code) => {
      const tries: number[] = [];
      const cause = Object.assign(new Error("401 Unauthorized"), { code });
      const { frameStore, picky } = await stores((frame) => {
        tries.push(frame.sequence);
        return frame.layout === powersHash;
      }, cause);
      await frameStore.keepLayout(energiesHash, energies);
      const energy = stored(1, { layout: energiesHash, values: ["7"] });

      const { written, trouble } = await writeAround(picky, [
        batch([energy], { lane: "counters" }),
        batch([stored(1), stored(2)]),
      ]);

      expect(trouble?.cause).toBe(cause);
      expect(written.map(({ batch: { lane }, outcome }) => [lane, outcome.settled])).toEqual([
        ["counters", [[1, 1]]],
      ]);
      expect((await frameStore.aside(batch([]).organisation, "roof-17")).quarantined).toEqual([]);
      expect(tries).toHaveLength(3); // nothing is halved to find whom to blame
    },
  );

  test("what can be mended is mended first", async () => {
    const frameStore = memoryFrameStore();
    const { written } = await writeAround(frameStore, [batch([stored(1)])], () =>
      frameStore.keepLayout(powersHash, powers),
    );

    expect(written[0]?.outcome.fresh).toEqual(new Set([1]));
  });
});

async function stores(
  refuses: (frame: FrameBatch["frames"][number]) => boolean,
  error = new Error("out of range"),
) {
  const frameStore: FrameStore = memoryFrameStore();
  await frameStore.keepLayout(powersHash, powers);
  const picky = {
    write: async (batches: readonly FrameBatch[]) => {
      if (batches.some(({ frames }) => frames.some(refuses))) throw error;
      return frameStore.write(batches);
    },
  };
  return { frameStore, picky };
}
