import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Balance,
  balanceOf,
  type DeliveryWindow,
  deliveryWindow,
  type GivenUp,
  type Lane,
  type Layout,
  laneAckOf,
  layoutHash,
  type Parcel,
} from "@sunledger/model";
import { type FrameBatch, type FrameStore, memoryFrameStore } from "@sunledger/store";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hourBook } from "../../gateway/src/delivery/hour-book.ts";
import { contentOf, frameOf } from "../../gateway/src/outbox/kept-rows.ts";
import { countsOf, lanes, lanesOf } from "../../gateway/src/outbox/lane-state.ts";
import { type OutboxFile, openOutboxFile } from "../../gateway/src/outbox/outbox-file.ts";
import { seed, thorough } from "../support/thoroughness.ts";

const start = Date.UTC(2026, 5, 1);
const hour = 3_600_000;
const organisation = randomUUID();
const device = randomUUID();
const gateway = "roof-17";
const layouts = new Map<string, Layout>();
for (const lane of lanes) layouts.set(lane, { lane, points: ["a"] });
const hashes = lanesOf(() => "");
for (const lane of lanes) hashes[lane] = await layoutHash(layouts.get(lane) as Layout);

/** Hundreds of commits a run: a disk's flushes are tried elsewhere. */
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

const events = [
  "deliver",
  "lose",
  "repeat",
  "quarantine",
  "ack",
  "lapse",
  "reopen",
  "hour",
] as const;
type Step =
  | { readonly name: "keep" | "take"; readonly lane: Lane; readonly count: number }
  | { readonly name: (typeof events)[number] };

const someOf = (name: "keep" | "take", max: number) =>
  fc.record({
    name: fc.constant(name),
    lane: fc.constantFrom(...lanes),
    count: fc.integer({ min: 1, max }),
  });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: someOf("keep", 150) },
  { weight: 2, arbitrary: someOf("take", 60) },
  { weight: 5, arbitrary: fc.record({ name: fc.constantFrom(...events) }) },
);

describe("what gateway and store count together (D-13)", () => {
  test("is even at every moment, whatever is lost, repeated, quarantined, given up or restarted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 60 }), async (steps) => {
        const world = await openWorld();
        try {
          for (const step of steps) {
            await world.do(step);
            for (const balance of await world.balances()) expectEven(balance);
          }
        } finally {
          world.close();
        }
      }),
      { numRuns: thorough(300, 40), seed },
    );
  }, 300_000);

  test("names exactly the frames that a store lost after it had taken them, and their hour", async () => {
    const world = await openWorld();
    await world.do({ name: "keep", lane: "values", count: 30 });
    await world.do({ name: "take", lane: "values", count: 30 });
    await world.do({ name: "deliver" });
    await world.do({ name: "hour" });
    await world.do({ name: "keep", lane: "values", count: 12 });
    await world.do({ name: "take", lane: "values", count: 7 });
    await world.do({ name: "deliver" });
    await world.do({ name: "ack" });

    await world.forgetSince(35);
    const balances = (await world.balances()).filter(({ lane }) => lane === "values");
    expect(balances.map(({ hour, missing }) => [hour, missing])).toEqual([
      [undefined, 3],
      [start, 0],
      [start + hour, 3],
    ]);
    world.close();
  });
});

function expectEven({ produced, stored, quarantined, givenUp, waiting, missing }: Balance) {
  expect(missing).toBe(0);
  expect(stored + quarantined + givenUp + waiting).toBe(produced);
}

type Sent = { readonly lane: Lane; readonly parcel: Parcel; readonly frames: FrameBatch["frames"] };

/** A gateway with its file, a store, and a bad way between them. */
async function openWorld() {
  const folder = mkdtempSync(join(memory, "sunledger-conservation-"));
  const open = (): OutboxFile =>
    openOutboxFile(
      join(folder, "outbox.db"),
      { mostBytes: 60_000, ringMs: hour, ringShare: 0.3 },
      now,
    ).file;
  const windowsOf = (): Record<Lane, DeliveryWindow> =>
    lanesOf((lane) => deliveryWindow(file.state().lanes[lane], { window: 100 }));
  let now = start;
  let file = open();
  let windows = windowsOf();
  let book = hourBook(file.state());
  let known = lanesOf((lane) => file.state().lanes[lane].gaps.length);
  let way: Sent[] = [];
  let store = await emptyStore();
  const { epoch } = file.state();
  const batchOf = (lane: Lane, more: Partial<FrameBatch>): FrameBatch => ({
    ...{ organisation, gateway, epoch, lane, arrival: now },
    ...{ frames: [], quarantined: [], gaps: [], ...more },
  });
  /** Everything that was ever written, to write some of it again. */
  const written: FrameBatch[] = [];

  const follow = () => {
    for (const lane of lanes) {
      const { gaps, last } = file.state().lanes[lane];
      for (const gap of gaps.slice(known[lane])) windows[lane].giveUp(gap);
      known[lane] = gaps.length;
      windows[lane].kept(last);
    }
    book.note(file.state(), now);
  };
  const settled = () => {
    const told = lanes.flatMap((lane) => {
      const { settled, store } = windows[lane].state();
      return store === undefined ? [] : [[lane, { settled, store }] as const];
    });
    return { epoch, lanes: Object.fromEntries(told) };
  };
  const keep = (lane: Lane, count: number) => {
    const entries = Array.from({ length: count }, () => {
      now += 1;
      const row = contentOf({ device: "INV-01", clock: "synced", values: [now] });
      return { lane, at: now, layout: hashes[lane], row };
    });
    const all = lanes.map((lane) => [hashes[lane], layouts.get(lane) as Layout] as const);
    file.commit({ now, entries, layouts: all, settled: settled() });
    follow();
  };
  const take = (lane: Lane, count: number) => {
    const parcel = windows[lane].take(count);
    if (!parcel) return;
    const frames = file.read(lane, parcel.numbers).map((row) => ({ ...frameOf(row), device }));
    way.push({ lane, parcel, frames });
  };
  const deliver = async (sent: Sent | undefined, isBad = false) => {
    if (!sent) return;
    const gaps = sent.parcel.gaps as readonly GivenUp[];
    const bad = isBad ? sent.frames : [];
    const batch = batchOf(sent.lane, {
      frames: isBad ? [] : sent.frames,
      gaps,
      quarantined: bad.map(({ sequence }) => ({
        ...{ sequence, code: "unknownDevice", reason: "INV-01", payload: sequence },
      })),
    });
    written.push(batch);
    await store.write([batch]);
  };
  const ack = async () => {
    for (const { epoch: of, lane, settled } of await store.settled(organisation, gateway)) {
      if (of === epoch) windows[lane].ack("store", laneAckOf(settled));
    }
  };

  /** As after kill -9: what was noted in memory alone is forgotten. */
  const reopen = () => {
    file.close();
    file = open();
    windows = windowsOf();
    book = hourBook(file.state());
    known = lanesOf((lane) => file.state().lanes[lane].gaps.length);
    way = [];
  };
  const happenings: Record<(typeof events)[number], () => unknown> = {
    deliver: () => deliver(way.shift()),
    lose: () => way.shift(),
    repeat: () => deliver(way[0]),
    quarantine: () => deliver(way.shift(), true),
    ack,
    lapse: () => lanes.map((lane) => windows[lane].lapse()),
    reopen,
    hour: () => {
      now += hour;
    },
  };

  return {
    async do(step: Step): Promise<void> {
      if (step.name === "keep") return keep(step.lane, step.count);
      if (step.name === "take") return take(step.lane, step.count);
      await happenings[step.name]();
    },

    /** Of each lane as a whole and of each of its hours. */
    async balances(): Promise<Balance[]> {
      const all: Balance[] = [];
      for (const lane of lanes) {
        const state = { ...file.state().lanes[lane], settled: windows[lane].state().settled };
        const count = countsOf(state);
        const hours = book.told(lane, state);
        const spans = [
          [1, Math.max(1, count.produced)],
          ...hours.map(([, from, to]) => [from, to]),
        ];
        const of = { organisation, gateway, epoch, lane };
        const accounts = await store.account({ ...of, spans: spans as [number, number][] });
        all.push({ lane, ...balanceOf(count, accounts[0] as (typeof accounts)[number]) });
        hours.forEach(([hour, from, to, waiting, givenUp], i) => {
          const account = accounts[i + 1] as (typeof accounts)[number];
          all.push({
            lane,
            hour,
            ...balanceOf({ produced: to - from + 1, waiting, givenUp }, account),
          });
        });
      }
      return all;
    },

    /** The store loses what it has from that number of each batch on, and says nothing of it. */
    async forgetSince(number: number) {
      store = await emptyStore();
      for (const batch of written) {
        const frames = batch.frames.filter(({ sequence }) => sequence < number);
        await store.write([{ ...batch, frames }]);
      }
    },

    close() {
      file.close();
      rmSync(folder, { recursive: true });
    },
  };
}

async function emptyStore(): Promise<FrameStore> {
  const store = memoryFrameStore();
  for (const lane of lanes) await store.keepLayout(hashes[lane], layouts.get(lane) as Layout);
  return store;
}
