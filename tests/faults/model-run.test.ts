import { describe, expect, test } from "vitest";
import { failpoints } from "../../ingest/src/failpoint.ts";
import { seed, thorough } from "../support/thoroughness.ts";
import { modelRun } from "./model-run.ts";

const wish = { gateways: 3, seconds: thorough(600, 60) };
const died = new Set<string>();
const seeds = Array.from({ length: thorough(50, 6) }, (_, i) => seed + i);

describe("outboxes, windows, acceptance and commits in one process on a driven clock", () => {
  test.each(seeds)(
    "seed %i: all that was kept is stored, once, whatever the network did and whoever died (D-1 to D-4, F3, F10)",
    { timeout: 120_000 },
    async (seed) => {
      const { kept, stored, twice, settled, trace } = await modelRun({ ...wish, seed });

      expect([...kept].filter((frame) => !stored.has(frame))).toEqual([]);
      expect([...stored].filter((frame) => !kept.has(frame))).toEqual([]);
      expect([twice, settled]).toEqual([0, kept.size]);
      expect(kept.size).toBeGreaterThan(wish.seconds * wish.gateways);
      const deaths = trace.flatMap((line) => / dies at (.*)$/.exec(line)?.[1] ?? []);
      for (const place of deaths) died.add(place);
    },
  );

  test("ingest died at each of its failpoints (F3)", () => {
    expect([...died].sort()).toEqual([...failpoints].sort());
  });

  test("a seed replays exactly, step by step, and another does not", {
    timeout: 60_000,
  }, async () => {
    const short = { gateways: 3, seconds: 30 };
    const [first, again] = [await modelRun({ ...short, seed }), await modelRun({ ...short, seed })];
    const other = await modelRun({ ...short, seed: seed + 1 });

    expect(again.trace).toEqual(first.trace);
    expect(again.digest).toBe(first.digest);
    expect(other.digest).not.toBe(first.digest);
    expect(first.trace.length).toBeGreaterThan(300);
  });
});
