import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Ranges } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TimeMark } from "../timekeeping/clock-watch.ts";
import { type Outbox, openOutbox } from "./outbox.ts";

const start = Date.UTC(2026, 5, 1);
const hour = 3_600_000;
const clock = drivenClock(start);
const log = pino({ level: process.env.LOG_LEVEL ?? "silent" });
const none = { counters: [], values: [] };

let folder: string;
let outbox: Outbox;
let marked: TimeMark;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-correction-"));
  marked = { state: "unsynced", anchor: 0 };
  outbox = await open();
});

afterEach(async () => {
  await outbox.close();
  rmSync(folder, { recursive: true });
});

describe("frames of a clock that was not synchronised (D-14)", () => {
  test("are moved by what it was wrong when each was taken, unless they were sent", async () => {
    await keep(3);
    marked = { state: "unsynced", anchor: 2 * hour };
    await keep(2);
    marked = { state: "synced" };
    await keep(1);

    const sent = { ...none, values: [[1, 1]] as Ranges };
    expect(await outbox.correct(sent, 5 * hour)).toEqual({ frames: 4, byMs: 5 * hour });

    const said = [
      [1, start, "unsynced"],
      [2, start + 1 + 5 * hour, "corrected"],
      [3, start + 2 + 5 * hour, "corrected"],
      [4, start + 3 * hour, "corrected"],
      [5, start + 1 + 3 * hour, "corrected"],
      [6, start, "synced"],
    ];
    expect(await told()).toEqual(said);
    await reopen();
    expect(await told()).toEqual(said);
    // What was corrected is right: the next correction has nothing to move but what was sent.
    expect(await outbox.correct(sent, 9 * hour)).toEqual({ frames: 0, byMs: 0 });
  });

  test("say so once of each device, in the commit that moves them", async () => {
    await keep(3, "INV-01");
    await keep(2, "INV-02");
    await outbox.correct(none, -hour);

    const events = () =>
      outbox
        .events()
        .map(({ id: _, ...event }) => event)
        .sort((a, b) => (a.device < b.device ? -1 : 1));
    const moved = { before: String(start), after: String(start - hour), at: start - hour };
    expect(events()).toEqual([
      { device: "INV-01", point: "clock.offset", kind: "clockCorrected", ...moved },
      { device: "INV-02", point: "clock.offset", kind: "clockCorrected", ...moved },
    ]);
    await reopen();
    expect(events()).toHaveLength(2);
  });

  test("are right as they are when the clock only was not known to be", async () => {
    await keep(2);

    expect(await outbox.correct(none, 0)).toEqual({ frames: 2, byMs: 0 });
    expect(await told()).toEqual([
      [1, start, "corrected"],
      [2, start + 1, "corrected"],
    ]);
    expect(outbox.events()).toEqual([]);
  });

  test("keep to their slots where the clock was only slewed since", async () => {
    await keep(2);

    expect(await outbox.correct(none, 40)).toEqual({ frames: 2, byMs: 0 });
    expect(await told()).toEqual([
      [1, start, "corrected"],
      [2, start + 1, "corrected"],
    ]);
  });

  test("are moved by thousands, also those that are still in memory", async () => {
    const kept = Array.from({ length: 5_000 }, (_, i) => keepOne("INV-01", start + i));
    const correcting = outbox.correct(none, hour);
    await Promise.all(kept);

    // Those that came while it was at it are moved by the next.
    const first = await correcting;
    const second = await outbox.correct(none, hour);
    expect(first.frames + second.frames).toBe(5_000);
    expect((await told()).every(([, , state]) => state === "corrected")).toBe(true);
  });

  test("are told as they lie on disk when only some could be moved, and the rest is owed", async () => {
    await outbox.close();
    onDisk(`CREATE TRIGGER fault BEFORE UPDATE ON frames WHEN old.sequence = 2500
      BEGIN SELECT RAISE(ABORT, 'the disk fails'); END`);
    outbox = await open();
    await Promise.all(Array.from({ length: 3_000 }, (_, i) => keepOne("INV-01", start + i)));

    expect(await outbox.correct(none, hour)).toEqual({
      ...{ frames: 2_000, byMs: hour },
      trouble: expect.stringContaining("the disk fails"),
    });
    const half = await told();
    expect(half.filter(([, , state]) => state === "corrected")).toHaveLength(2_000);
    expect(outbox.events()).toHaveLength(1);

    await outbox.close();
    onDisk("DROP TRIGGER fault");
    outbox = await open();
    expect(await told()).toEqual(half);
    expect(await outbox.correct(none, hour)).toEqual({ frames: 1_000, byMs: hour });
  });

  test("stay as they are where their time would be none", async () => {
    await keep(1);

    expect(await outbox.correct(none, -60 * 365 * 24 * hour)).toEqual({ frames: 0, byMs: 0 });
    expect(await told()).toEqual([[1, start, "unsynced"]]);
  });
});

describe("what happened to devices by a clock that was not synchronised (D-14)", () => {
  const total = "ac.energy.import.total";
  const reset = { point: total, kind: "reset", before: "5000", after: "3" } as const;
  const sleep = { before: "awake", after: "asleep" };
  const asleep = { point: "state.sleep", kind: "asleep", ...sleep } as const;
  /** In the order of their times: those of one moment have none. */
  const told = () =>
    outbox
      .events()
      .map(({ kind, at }) => [kind, at] as const)
      .sort(([, a], [, b]) => a - b);

  test("is moved like frames, unless it was sent", async () => {
    const polled = { device: "INV-01", lane: "values", at: start, points: ["a"] } as const;
    const noted = { happenings: [{ ...reset, at: start }] };
    await outbox.keep({ ...polled, values: [1], noted });
    const events = outbox.events().map(({ id }) => id);
    await outbox.keep({ ...polled, values: [2], noted });
    marked = { state: "unsynced", anchor: 2 * hour };
    outbox.note("INV-01", [{ ...asleep, at: start + 7 }]);
    marked = { state: "synced" };
    await outbox.keep({ ...polled, values: [3], noted });

    await outbox.correct({ ...none, events, values: [[1, 3]] }, 5 * hour);
    const right = [
      ["reset", start],
      ["reset", start],
      ["asleep", start + 7 + 3 * hour],
      ["reset", start + 5 * hour],
    ];
    expect(told()).toEqual(right);
    expect(outbox.events()).toContainEqual({
      ...{ id: expect.any(String), device: "INV-01" },
      ...{ ...reset, at: start + 5 * hour },
    });
    expect(outbox.events().find(({ id }) => id === events[0])?.at).toBe(start);
    await reopen();
    expect(told()).toEqual(right);
    await outbox.correct({ ...none, events, values: [[1, 3]] }, 9 * hour);
    expect(told()).toEqual(right);
  });

  test("is not for sending while it is moved", async () => {
    outbox.note("INV-01", [{ ...asleep, at: start }]);
    const seen: unknown[] = [];
    outbox.onChange(() => seen.push(...told()));
    const correcting = outbox.correct(none, hour);
    expect(outbox.events()).toEqual([]);
    await correcting;

    expect(seen).toEqual([["asleep", start + hour]]);
  });

  test("stays as it is where its time would be none", async () => {
    outbox.note("INV-01", [{ ...asleep, at: start }]);
    await outbox.correct(none, -60 * 365 * 24 * hour);

    expect(told()).toEqual([["asleep", start]]);
  });
});

async function keep(count: number, device = "INV-01") {
  for (let i = 0; i < count; i += 1) await keepOne(device, start + i);
}

function keepOne(device: string, at: number) {
  return outbox.keep({ device, lane: "values", at, points: ["a"], values: [at] });
}

async function told() {
  const { last } = outbox.state().lanes.values;
  const kept = await outbox.read("values", [[1, last]]);
  return kept
    .map(({ frame }) => [frame.sequence, frame.at, frame.clock] as const)
    .sort(([a], [b]) => a - b);
}

function onDisk(sql: string) {
  const db = new DatabaseSync(join(folder, "outbox.db"));
  db.exec(sql);
  db.close();
}

async function reopen() {
  await outbox.close();
  outbox = await open();
}

function open() {
  return openOutbox({ folder, clock, log, groupMs: 1, mark: () => marked });
}
