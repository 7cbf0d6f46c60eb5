import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lane, type Layout, sizeOf } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { mayMount, mountTmpfs, resizeTmpfs, unmount } from "../../../tests/support/small-disk.ts";
import { needsMounts } from "../../../tests/support/test-results.ts";
import { countsOf, gone, lanes } from "./lane-state.ts";
import { type Outbox, openOutbox } from "./outbox.ts";

const start = Date.UTC(2026, 5, 1);

let folder: string;
let isMounted: boolean;
let outbox: Outbox | undefined;
let complaints: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-full-"));
  isMounted = false;
  complaints = [];
});

afterEach(async () => {
  await outbox?.close();
  outbox = undefined;
  if (isMounted) unmount(folder);
  rmSync(folder, { recursive: true });
});

describe.runIf(mayMount())(
  `an outbox on a disk that is really full (F6, D-9) ${needsMounts}`,
  () => {
    test("gives up stored frames first, then the oldest values, no counters, and polls go on", async () => {
      mount("2m");
      const { keep, state } = await open();
      await keep("counters", 100);
      await keep("values", 300);
      outbox?.settle(state().epoch, "values", { store: "one", settled: [[1, 300]] });

      for (let round = 0; round < 60; round += 1) await keep("values", 200);

      expect(complaints).toContain("outbox cannot be kept within its room");
      const { values, counters } = state().lanes;
      expect([values.last, counters.last]).toEqual([12_300, 100]);
      expect(counters.gaps).toEqual([]);
      expect(await kept("counters")).toHaveLength(100);
      const [gap] = values.gaps;
      expect(gap).toMatchObject({ from: 301, reason: "outboxFull", fromAt: start + 401 });
      await everyNumberIsKnown();
    });

    test("gives up the oldest counters when nothing else is left", async () => {
      mount("2m");
      const { keep, state } = await open();
      await keep("values", 100);
      for (let round = 0; round < 50; round += 1) await keep("counters", 200);

      expect(sizeOf(gone(state().lanes.values))).toBe(100);
      expect(state().lanes.counters.gaps[0]).toMatchObject({ from: 1, reason: "outboxFull" });
      await everyNumberIsKnown();
    });

    test("keeps everything again once there is room, also when it is opened anew", async () => {
      mount("2m");
      const first = await open();
      for (let round = 0; round < 40; round += 1) await first.keep("values", 200);
      const given = sizeOf(gone(first.state().lanes.values));
      expect(given).toBeGreaterThan(0);

      resizeTmpfs(folder, "16m");
      await first.keep("values", 4_000);
      expect(sizeOf(gone(first.state().lanes.values))).toBe(given);
      const before = first.state();
      await outbox?.close();

      const again = await open();
      expect(again.state()).toEqual(before);
      await everyNumberIsKnown();
    });

    test("says how long the disk lasts, however much room it was given (D-8)", async () => {
      mount("16m");
      const { keep, pass } = await open();
      const hold = () => (outbox?.hold().holdMs ?? 0) / 60_000;
      await keep("values", 100);
      await pass(60_000);
      await keep("values", 100);
      // 64 MB would last a day, what the reserve leaves of the disk some hours.
      expect(hold()).toBeGreaterThan(60);
      expect(hold()).toBeLessThan(600);

      // Others take most of it.
      writeFileSync(join(folder, "ballast"), Buffer.alloc(10 * 1024 * 1024));
      await pass(60_000);
      await keep("values", 100);
      expect(hold()).toBeGreaterThan(5);
      expect(hold()).toBeLessThan(120);
    });

    test("lives on its reserve while others fill the disk, then waits and loses nothing in memory", async () => {
      mount("4m");
      const { keep, state } = await open();
      await keep("values", 100);
      fillUp();
      await keep("values", 200);
      expect(complaints).not.toContain("outbox cannot be written");
      fillUp();
      const waiting = keep("values", 1_500);
      await untilComplained("outbox cannot be written");
      rmSync(join(folder, "ballast"));
      await waiting;

      expect(complaints).toContain("outbox is written again");
      expect(state().lanes.values.last).toBe(1_800);
      expect(sizeOf(gone(state().lanes.values))).toBeLessThanOrEqual(300);
      await everyNumberIsKnown();
    });
  },
);

function mount(size: string) {
  mountTmpfs(folder, size);
  isMounted = true;
}

/** Writes until the disk takes no byte more. */
function fillUp() {
  for (const size of [65_536, 4_096, 1]) {
    try {
      for (;;) writeFileSync(join(folder, "ballast"), Buffer.alloc(size), { flag: "a" });
    } catch {}
  }
}

async function untilComplained(text: string) {
  while (!complaints.includes(text)) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function open() {
  const log = pino(
    { level: "info" },
    { write: (line: string) => void complaints.push(JSON.parse(line).msg) },
  );
  // The room is far beyond the disk: only the disk itself says that it is full.
  const room = { mostBytes: 64 * 1024 * 1024 };
  const clock = drivenClock(start);
  const opened = await openOutbox({ folder, clock, log, room, retryMs: 20 });
  outbox = opened;
  let produced = opened.state().lanes.values.last + opened.state().lanes.counters.last;
  return {
    state: opened.state,
    pass: (ms: number) => clock.advance(clock.now() + ms),
    /** Resolves when all of them are on disk. */
    async keep(lane: Lane, count: number) {
      const frames = Array.from({ length: count }, () => {
        produced += 1;
        return opened.keep({ device: "INV-01", lane, at: start + produced, points, values });
      });
      await Promise.all(frames);
    },
  };
}

const points: Layout["points"] = Array.from({ length: 40 }, (_, i) => `point.${i}`);
const values = points.map((_, i) => i + 0.5);

async function kept(lane: Lane): Promise<number[]> {
  const last = outbox?.state().lanes[lane].last ?? 0;
  const frames = (await outbox?.read(lane, [[1, last]])) ?? [];
  return [...new Set(frames.map(({ frame }) => frame.sequence))];
}

/** Each number is settled, here, or on record as given up (D-13). */
async function everyNumberIsKnown() {
  for (const lane of lanes) {
    const state = outbox?.state().lanes[lane];
    if (!state) throw new Error("the outbox is closed");
    const { produced, acknowledged, givenUp, waiting } = countsOf(state);
    expect(produced).toBe(acknowledged + givenUp + waiting);
    const here = new Set(await kept(lane));
    const settled = state.settled.reduce((sum, [from, to]) => sum + to - from + 1, 0);
    expect(here.size + settled + givenUp).toBeGreaterThanOrEqual(produced);
  }
}
