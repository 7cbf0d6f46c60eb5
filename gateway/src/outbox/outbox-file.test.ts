import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Lane, type Ranges, sizeOf } from "@sunledger/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { countsOf } from "./lane-state.ts";
import { type Batch, type OutboxFile, openOutboxFile } from "./outbox-file.ts";
import type { Room } from "./space.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 5, 1);
const wide: Room = { mostBytes: 64 * 1024 * 1024, ringMs: 72 * hour, ringShare: 0.3 };
const layout = "00112233aabbccdd";

let folder: string;
let open: OutboxFile[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-outbox-"));
  open = [];
});

afterEach(() => {
  for (const file of open) file.close();
  rmSync(folder, { recursive: true });
});

describe("the outbox's file", () => {
  test("numbers the frames of each lane from one on, also after it was closed (D-1)", () => {
    const file = openFile();
    keep(file, "values", 3);
    keep(file, "counters", 1);
    const { epoch } = file.state();
    close(file);

    const again = openFile();
    keep(again, "values", 2);

    expect(again.state().epoch).toBe(epoch);
    expect(numbersIn(again, "values")).toEqual([1, 2, 3, 4, 5]);
    expect(numbersIn(again, "counters")).toEqual([1]);
    expect(again.layouts()).toEqual([[layout, { lane: "values", points: ["a"] }]]);
  });

  test("refuses a second process", () => {
    openFile();

    expect(() => openOutboxFile(join(folder, "outbox.db"), wide, start)).toThrow(/in use/);
  });

  test("puts a damaged file aside and begins a new epoch", () => {
    const file = openFile();
    keep(file, "values", 3);
    const { epoch } = file.state();
    close(file);
    writeFileSync(join(folder, "outbox.db"), "torn ".repeat(2_000));

    const { file: fresh, setAside = "" } = openOutboxFile(join(folder, "outbox.db"), wide, start);
    open.push(fresh);

    expect(existsSync(setAside)).toBe(true);
    expect(readdirSync(folder).some((name) => name.includes(".damaged-"))).toBe(true);
    expect(fresh.state().epoch).not.toBe(epoch);
    keep(fresh, "values", 1);
    expect(numbersIn(fresh, "values")).toEqual([1]);
  });

  test("gives up stored frames first, then values, and no counters before them (D-9)", () => {
    const file = openFile({ ...wide, mostBytes: 400_000, ringShare: 1 });
    keep(file, "counters", 50);
    keep(file, "values", 300);
    settle(file, "values", [[1, 300]]);

    for (let i = 0; i < 200 && waitingIn(file, "values") === lastOf(file, "values") - 300; i += 1) {
      keep(file, "values", 20);
    }

    expect(numbersIn(file, "values").some((number) => number <= 300)).toBe(false);
    const [gap] = file.state().lanes.values.gaps;
    expect(gap).toMatchObject({ from: 301, reason: "outboxFull", fromAt: start + 301 });
    expect(numbersIn(file, "counters")).toHaveLength(50);

    for (let i = 0; i < 200; i += 1) keep(file, "counters", 20);
    expect(waitingIn(file, "values")).toBe(0);
    expect(file.state().lanes.counters.gaps.length).toBeGreaterThan(0);
    for (const lane of ["values", "counters"] as const) {
      const { produced, acknowledged, givenUp, waiting } = countsOf(file.state().lanes[lane]);
      expect(produced).toBe(acknowledged + givenUp + waiting);
      expect(numbersIn(file, lane).length).toBeGreaterThanOrEqual(waiting);
    }
  });

  test("writes what was given up in memory as a gap of the lane", () => {
    const file = openFile();
    keep(file, "values", 2);
    file.commit({
      ...batch("values", 1),
      entries: [
        { lane: "values", lost: { count: 7, fromAt: 0, toAt: start } },
        ...batch("values", 1).entries,
      ],
    });

    expect(file.state().lanes.values).toMatchObject({
      last: 10,
      gaps: [{ from: 3, to: 9, fromAt: Date.UTC(1990, 0, 1), toAt: start, reason: "outboxFull" }],
    });
    expect(numbersIn(file, "values")).toEqual([1, 2, 10]);
  });

  test("keeps stored frames as a ring of limited age and share (D-1)", () => {
    const file = openFile({ ...wide, mostBytes: 1_000_000 });
    keep(file, "values", 3_000);
    keep(file, "counters", 10);
    settle(file, "values", [[1, 2_900]]);
    settle(file, "counters", [[1, 10]]);
    const old = start + 60_000 + 71 * hour;

    file.commit({ now: start + 60_000, entries: [], layouts: [] });
    const kept = numbersIn(file, "values");
    expect(kept.length).toBeLessThan(1_500);
    expect(kept.filter((number) => number > 2_900)).toHaveLength(100);

    file.commit({ now: old, entries: [], layouts: [] });
    expect(numbersIn(file, "values").length).toBeGreaterThan(0.9 * kept.length);

    file.commit({ now: old + 2 * hour, entries: [], layouts: [] });
    expect(numbersIn(file, "values")).toEqual(kept.filter((number) => number > 2_900));
    expect(numbersIn(file, "counters")).toEqual([]);
  });

  test("resends from the ring after a restore, and records what it no longer holds (D-15)", () => {
    const file = openFile({ ...wide, ringMs: hour });
    keep(file, "values", 100);
    settle(file, "values", [[1, 60]]);
    file.commit({ now: start + 2 * hour, entries: [], layouts: [] });
    expect(numbersIn(file, "values")[0]).toBe(61);
    settle(file, "values", [[1, 80]]);

    const state = file.rewind(
      "values",
      { store: "restored", settled: [[1, 10]] },
      start + 2 * hour,
    );

    expect(state.lanes.values.gaps).toMatchObject([{ from: 11, to: 60, reason: "ringExhausted" }]);
    expect(state.lanes.values.gaps[0]?.fromAt).toBeLessThanOrEqual(start + 11);
    expect(state.lanes.values.gaps[0]?.toAt).toBeGreaterThanOrEqual(start + 60);
    expect(waitingIn(file, "values")).toBe(40);
  });

  test("gives the unsettled new numbers under a new epoch, and keeps the rest as ring", () => {
    const file = openFile();
    keep(file, "values", 10);
    settle(file, "values", [
      [1, 3],
      [6, 7],
    ]);
    const old = file.state().epoch;

    file.beginEpoch(start + 5);

    expect(file.state().epoch).not.toBe(old);
    expect(file.state().lanes.values).toMatchObject({ last: 5, settled: [] });
    expect(file.read("values", [[1, 5]]).map(({ at }) => at - start)).toEqual([4, 5, 8, 9, 10]);

    file.rewind("values", { store: "restored", settled: [] }, start);
    expect(file.state().lanes.values.last).toBe(10);
    expect(file.read("values", [[6, 10]]).map(({ at }) => at - start)).toEqual([1, 2, 3, 6, 7]);
  });

  test("records what the ring has dropped of an earlier epoch, when the store is from before (D-15)", () => {
    const file = openFile({ ...wide, ringMs: hour });
    keep(file, "values", 100);
    settle(file, "values", [[1, 60]]);
    file.commit({ now: start + 2 * hour, entries: [], layouts: [] });
    expect(numbersIn(file, "values")[0]).toBe(61);
    settle(file, "values", [[1, 80]]);
    file.beginEpoch(start + 2 * hour);
    const restored = { store: "restored", settled: [] };

    const { lanes } = file.rewind("values", restored, start + 2 * hour);

    // 20 were never stored, 60 are lost, 20 are still in the ring.
    expect(lanes.values.last).toBe(100);
    expect(lanes.values.gaps).toMatchObject([{ from: 21, to: 80, reason: "ringExhausted" }]);
    expect(lanes.values.gaps[0]?.fromAt).toBeLessThanOrEqual(start + 1);
    expect(lanes.values.gaps[0]?.toAt).toBeGreaterThanOrEqual(start + 60);
    expect(lanes.values.gaps[0]?.toAt).toBeLessThanOrEqual(start + 61);
    expect(file.read("values", [[1, 100]]).map(({ at }) => at - start)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => 81 + i),
      ...Array.from({ length: 20 }, (_, i) => 61 + i),
    ]);

    const again = file.rewind("values", { ...restored, store: "once more" }, start + 2 * hour);
    expect(again.lanes.values).toMatchObject({ last: 100, gaps: lanes.values.gaps });
  });

  function openFile(room = wide): OutboxFile {
    const { file } = openOutboxFile(join(folder, "outbox.db"), room, start);
    open.push(file);
    return file;
  }

  function close(file: OutboxFile) {
    file.close();
    open = open.filter((other) => other !== file);
  }
});

let produced = 0;
beforeEach(() => {
  produced = 0;
});

function batch(lane: Lane, count: number): Batch {
  const entries = Array.from({ length: count }, () => {
    if (lane === "values") produced += 1;
    const row = JSON.stringify(["INV-01", "synced", Array.from({ length: 40 }, (_, i) => i + 0.5)]);
    return { lane, at: start + produced, layout, row };
  });
  return { now: start, entries, layouts: [[layout, { lane: "values", points: ["a"] }]] };
}

function keep(file: OutboxFile, lane: Lane, count: number) {
  file.commit(batch(lane, count));
}

function settle(file: OutboxFile, lane: Lane, settled: Ranges) {
  const { epoch } = file.state();
  const lanes = { [lane]: { store: "one", settled } };
  file.commit({ now: start, entries: [], layouts: [], settled: { epoch, lanes } });
}

function lastOf(file: OutboxFile, lane: Lane): number {
  return file.state().lanes[lane].last;
}

function numbersIn(file: OutboxFile, lane: Lane): number[] {
  const last = lastOf(file, lane);
  return file.read(lane, [[1, last]]).map(({ sequence }) => sequence);
}

function waitingIn(file: OutboxFile, lane: Lane): number {
  const { waiting } = countsOf(file.state().lanes[lane]);
  expect(sizeOf([[1, lastOf(file, lane)]])).toBeGreaterThanOrEqual(waiting);
  return waiting;
}
