import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { layoutHash } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Polled } from "../polling/polled.ts";
import { type Outbox, type OutboxParts, openOutbox } from "./outbox.ts";

const start = Date.UTC(2026, 5, 1);
const log = pino({ level: "silent" });

let folder: string;
let open: Outbox[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sunledger-outbox-"));
  open = [];
});

afterEach(async () => {
  for (const outbox of open) await outbox.close();
  rmSync(folder, { recursive: true });
});

describe("the outbox", () => {
  test("has on disk what it has taken, with a layout of known name (D-1)", async () => {
    const outbox = await openHere();
    await Promise.all([1, 2, 3].map((n) => outbox.keep(polled(n))));
    await outbox.keep({ ...polled(4), quality: { 1: "failed" }, values: [4, null] });
    await outbox.close();
    open = [];

    const again = await openHere();
    const frames = (await again.read("values", [[1, 4]])).map(({ frame }) => frame);
    const layout = await layoutHash({ lane: "values", points: ["a", "b"] });

    expect(again.state().lanes.values.last).toBe(4);
    expect(frames).toHaveLength(4);
    expect(frames[3]).toEqual({
      device: "INV-01",
      sequence: 4,
      layout,
      at: start + 4,
      clock: "synced",
      values: [4, null],
      quality: { 1: "failed" },
    });
    expect(again.layouts().get(layout)).toEqual({ lane: "values", points: ["a", "b"] });
  });

  test("keeps what was noted with a frame until it is settled, across restarts", async () => {
    const what = { point: "ac.energy.import.total", kind: "reset" } as const;
    const happening = { ...what, at: start + 1, before: "5000", after: "3" };
    const memory = { points: {}, serial: "S-1" };
    const outbox = await openHere();
    outbox.note("INV-01", [], { asleep: true });
    await outbox.keep({ ...polled(1), noted: { happenings: [happening], memory } });
    await outbox.keep({ ...polled(2), noted: { happenings: [] } });
    const [event] = outbox.events();
    expect(outbox.memory("INV-01")).toEqual({ ...memory, asleep: true }); // of a device that is opened anew meanwhile
    await outbox.close();
    open = [];

    const again = await openHere();
    expect(again.memory("INV-01")).toEqual({ ...memory, asleep: true });
    expect(again.memory("INV-02")).toBeUndefined();
    expect(again.events()).toEqual([{ ...happening, id: event?.id, device: "INV-01" }]);

    again.settleEvents([String(event?.id), "unknown"]);
    expect(again.events()).toEqual([]);
    await again.close();
    open = [];

    const last = await openHere();
    expect(last.events()).toEqual([]);
    expect(last.memory("INV-01")).toEqual({ ...memory, asleep: true });
  });

  test("never has on disk what was noted of a frame that is not there yet, after a stall neither", async () => {
    const outbox = await openHere();
    const ahead: number[] = [];
    let commits = 0;
    outbox.onChange(() => {
      commits += 1;
      const { last } = outbox.state().lanes.values;
      ahead.push(...outbox.events().flatMap(({ at }) => (at - start < last ? [] : [at - start])));
    });
    const event = (n: number) =>
      ({ point: "a", kind: "reset", at: start + n, before: "5", after: "3" }) as const;
    const noted = (n: number) => ({ happenings: n % 10 === 0 ? [event(n)] : [] });
    const all = Array.from({ length: 4_500 }, (_, n) => ({ ...polled(n), noted: noted(n) }));
    await Promise.all(all.map((frame) => outbox.keep(frame)));

    expect(commits).toBeGreaterThan(2);
    expect(ahead).toEqual([]);
    expect(outbox.events()).toHaveLength(450);
  });

  test("numbers frames in the order in which they came, also while their layout is new", async () => {
    const outbox = await openHere();
    const order = Array.from({ length: 300 }, (_, i) => i);
    await Promise.all(order.map((i) => outbox.keep(polled(i))));

    const frames = await outbox.read("values", [[1, 300]]);
    expect(frames.map(({ frame }) => frame.at - start)).toEqual(order);
  });

  test("gives every frame one number, whatever the order of reading", async () => {
    const outbox = await openHere({ groupMs: 1 });
    for (let round = 0; round < 20; round += 1) {
      const lanes = ["values", "counters"] as const;
      await Promise.all(
        lanes.flatMap((lane) => [0, 1, 2].map((i) => outbox.keep(polled(round * 3 + i, lane)))),
      );
    }

    for (const lane of ["values", "counters"] as const) {
      const frames = (await outbox.read(lane, [[1, 60]])).map(({ frame }) => frame);
      expect(frames.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 60 }, (_, i) => i + 1),
      );
      expect(new Set(frames.map(({ at }) => at)).size).toBe(60);
    }
  });

  test("puts the gap of frames that memory could not hold in their place (D-9)", async () => {
    const outbox = await openHere({ mostQueued: 10, groupMs: 5 });
    const kept = [
      outbox.keep(polled(0, "counters")),
      ...Array.from({ length: 12 }, (_, i) => outbox.keep(polled(i))),
    ];
    const outcomes = await Promise.allSettled(kept);

    const { values, counters } = outbox.state().lanes;
    const lost = outcomes.filter(({ status }) => status === "rejected");
    expect(lost).toHaveLength(3);
    expect(outcomes[0]?.status).toBe("fulfilled");
    expect(counters).toMatchObject({ last: 1, gaps: [] });
    expect(values).toMatchObject({ last: 12, gaps: [{ from: 1, to: 3, fromAt: start }] });
  });

  test("tells what is settled to the disk before long", async () => {
    const outbox = await openHere();
    await outbox.keep(polled(1));
    outbox.settle(outbox.state().epoch, "values", { store: "one", settled: [[1, 1]] });
    await outbox.close();
    open = [];

    const again = await openHere();
    expect(again.state().lanes.values).toMatchObject({ settled: [[1, 1]], store: "one" });
  });

  test("opens again and again until it can, and loses nothing that waits meanwhile", async () => {
    const threads: Worker[] = [];
    const note = (message: unknown) => void threads.push((message as { worker: Worker }).worker);
    subscribe("worker_threads", note);
    const outbox = await openHere({ groupMs: 1 });
    const file = join(folder, "outbox.db");
    await outbox.keep(polled(1));

    await threads[0]?.terminate();
    unsubscribe("worker_threads", note);
    renameSync(file, join(folder, "away"));
    mkdirSync(file);
    const waiting = [2, 3].map((n) => outbox.keep(polled(n)));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    rmdirSync(file);
    renameSync(join(folder, "away"), file);

    await Promise.all([...waiting, outbox.keep(polled(4))]);
    const frames = (await outbox.read("values", [[1, 4]])).map(({ frame }) => frame.at - start);
    expect(frames.sort()).toEqual([1, 2, 3, 4]);
    expect(outbox.state().lanes.values).toMatchObject({ last: 4, gaps: [] });
  });

  async function openHere(parts: Partial<OutboxParts> = {}): Promise<Outbox> {
    const outbox = await openOutbox({ folder, clock: drivenClock(start), log, ...parts });
    open.push(outbox);
    return outbox;
  }
});

function polled(n: number, lane: Polled["lane"] = "values"): Polled {
  return { device: "INV-01", lane, at: start + n, points: ["a", "b"], values: [n, n / 2] };
}
