import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DeliveryWindow,
  deliveryWindow,
  type GivenUp,
  type Lane,
  laneAckOf,
  noRanges,
  type Range,
  type Ranges,
  rangesOf,
  sizeOf,
  unionOf,
} from "@sunledger/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seed, thorough } from "../../../tests/support/thoroughness.ts";
import { lanes, lanesOf } from "./lane-state.ts";
import { type Batch, type OutboxFile, openOutboxFile } from "./outbox-file.ts";
import type { Room } from "./space.ts";

const start = Date.UTC(2026, 5, 1);
const layout = "00112233aabbccdd";
const room: Room = { mostBytes: 150_000, ringMs: 3_600_000, ringShare: 0.3 };

/** Hundreds of commits a run: a disk's flushes are tried elsewhere. */
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

describe("an outbox and its window", () => {
  test("let go of nothing that is neither stored nor on record as given up (D-1, D-9, D-15)", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 30, maxLength: 80, size: "max" }), (steps) => {
        const world = new World();
        try {
          for (const step of steps) world.do(step);
          world.settleDown();
          world.check();
        } finally {
          world.close();
        }
      }),
      { numRuns: thorough(1_000, 150), seed },
    );
  }, 600_000);
});

const events = [
  "deliver",
  "lose",
  "repeat",
  "ack",
  "lapse",
  "restart",
  "reopen",
  "backup",
  "restore",
  "newEpoch",
  "hour",
] as const;

type Step =
  | { readonly name: "keep" | "take"; readonly lane: Lane; readonly count: number }
  | { readonly name: (typeof events)[number] };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: someOf("keep", 150) },
  { weight: 2, arbitrary: someOf("take", 60) },
  { weight: 4, arbitrary: fc.record({ name: fc.constantFrom(...events) }) },
);

function someOf(name: "keep" | "take", max: number): fc.Arbitrary<Step> {
  return fc.record({
    name: fc.constant(name),
    lane: fc.constantFrom(...lanes),
    count: fc.integer({ min: 1, max }),
  });
}

type Sent = {
  readonly epoch: string;
  readonly lane: Lane;
  readonly frames: readonly { readonly sequence: number; readonly at: number }[];
  readonly gaps: readonly GivenUp[];
};

/** What the store has: frames by their time, which is their identity here, and gaps. */
type Kept = {
  readonly settled: Map<string, Ranges>;
  readonly ats: Record<Lane, Set<number>>;
  readonly gaps: Record<Lane, GivenUp[]>;
};

/** A gateway with its file, a store that is backed up and restored, and a bad way between them. */
class World {
  private readonly folder = mkdtempSync(join(memory, "sunledger-outbox-"));
  private now = start;
  private file: OutboxFile = this.open();
  private windows: Record<Lane, DeliveryWindow> = this.windowsOf();
  private way: Sent[] = [];
  private readonly kept: Record<Lane, number[]> = { counters: [], values: [] };
  private incarnation = 1;
  private store: Kept = emptyStore();
  private backup: Kept = emptyStore();

  do(step: Step) {
    if (step.name === "keep") this.keep(step.lane, step.count);
    else if (step.name === "take") this.take(step.lane, step.count);
    else this.happen(step.name);
  }

  private happen(name: (typeof events)[number]) {
    if (name === "deliver") this.deliver(this.way.shift());
    else if (name === "repeat") this.deliver(this.way[0]);
    else if (name === "lose") this.way.shift();
    else if (name === "ack") this.ack();
    else if (name === "backup") this.backup = copyOf(this.store);
    else if (name === "restore") this.restore();
    else if (name === "newEpoch") this.beginEpoch();
    else if (name === "hour") this.pass();
    else if (name === "reopen") this.reopen();
    else if (name === "restart") for (const lane of lanes) this.windows[lane].restart();
    else for (const lane of lanes) this.windows[lane].lapse();
  }

  settleDown() {
    const open = () =>
      lanes.some((lane) => sizeOf(this.settledOf(lane)) < this.file.state().lanes[lane].last);
    for (const lane of lanes) this.windows[lane].restart();
    this.ack();
    for (let round = 0; round < 500 && (open() || this.way.length > 0); round += 1) {
      for (const lane of lanes) this.take(lane, 100);
      while (this.way.length > 0) this.deliver(this.way.shift());
      this.ack();
    }
    expect(open()).toBe(false);
  }

  /** Every frame that was ever kept is in the store, or a gap there covers its time. */
  check() {
    for (const lane of lanes) {
      const missing = this.kept[lane].filter((at) => !this.store.ats[lane].has(at));
      const unexplained = missing.filter(
        (at) => !this.store.gaps[lane].some(({ fromAt, toAt }) => at >= fromAt && at <= toAt),
      );
      expect(unexplained).toEqual([]);
    }
  }

  close() {
    this.file.close();
    rmSync(this.folder, { recursive: true });
  }

  private keep(lane: Lane, count: number) {
    const entries = Array.from({ length: count }, () => {
      this.now += 1;
      this.kept[lane].push(this.now);
      const row = JSON.stringify(["INV-01", "synced", Array.from({ length: 40 }, (_, i) => i)]);
      return { lane, at: this.now, layout, row };
    });
    const { now } = this;
    const layouts: Batch["layouts"] = [[layout, { lane, points: ["a"] }]];
    this.file.commit({ now, entries, layouts, settled: this.noted() });
    this.follow();
  }

  private noted() {
    const { epoch } = this.file.state();
    const told = lanes.flatMap((lane) => {
      const { settled, store } = this.windows[lane].state();
      return store === undefined ? [] : [[lane, { settled, store }] as const];
    });
    return { epoch, lanes: Object.fromEntries(told) };
  }

  private known: Record<Lane, number> = { counters: 0, values: 0 };

  private follow() {
    const state = this.file.state();
    for (const lane of lanes) {
      const { gaps, last } = state.lanes[lane];
      for (const gap of gaps.slice(this.known[lane])) this.windows[lane].giveUp(gap);
      this.known[lane] = gaps.length;
      this.windows[lane].kept(last);
    }
  }

  private take(lane: Lane, most: number) {
    const parcel = this.windows[lane].take(most);
    if (!parcel) return;
    const { epoch } = this.file.state();
    const frames = this.file.read(lane, parcel.numbers);
    // Whatever is handed out as a frame is still there.
    expect(frames).toHaveLength(sizeOf(parcel.numbers));
    this.way.push({ epoch, lane, frames, gaps: parcel.gaps });
  }

  private deliver(sent: Sent | undefined) {
    if (!sent) return;
    const { epoch, lane, frames, gaps } = sent;
    const key = `${epoch}/${lane}`;
    const before = this.store.settled.get(key) ?? noRanges;
    const numbers = [
      ...frames.map(({ sequence }): Range => [sequence, sequence]),
      ...gaps.map(({ from, to }): Range => [from, to]),
    ];
    for (const { at } of frames) this.store.ats[lane].add(at);
    this.store.gaps[lane].push(...gaps);
    this.store.settled.set(key, unionOf(before, rangesOf(numbers)));
  }

  private settledOf(lane: Lane): Ranges {
    return this.store.settled.get(`${this.file.state().epoch}/${lane}`) ?? noRanges;
  }

  private ack() {
    for (const lane of lanes) {
      const said = laneAckOf(this.settledOf(lane));
      const outcome = this.windows[lane].ack(`store-${this.incarnation}`, said);
      expect(outcome.ahead).toBe(false);
      if (!outcome.restored) continue;
      const { settled, store = "" } = this.windows[lane].state();
      this.file.rewind(lane, { settled, store }, this.now);
      this.follow();
    }
  }

  private restore() {
    this.store = copyOf(this.backup);
    this.incarnation += 1;
  }

  /** Only an ack brings it about. The store may be restored to before it later. */
  private beginEpoch() {
    this.ack();
    this.file.beginEpoch(this.now);
    this.known = lanesOf((lane) => this.file.state().lanes[lane].gaps.length);
    this.windows = this.windowsOf();
    this.way = [];
  }

  private pass() {
    this.now += 3_600_000;
    this.file.commit({ now: this.now, entries: [], layouts: [], settled: this.noted() });
    this.follow();
  }

  /** As after kill -9: what was noted in memory alone is forgotten. */
  private reopen() {
    this.file.close();
    this.file = this.open();
    this.known = lanesOf((lane) => this.file.state().lanes[lane].gaps.length);
    this.windows = this.windowsOf();
    this.way = [];
  }

  private open(): OutboxFile {
    return openOutboxFile(join(this.folder, "outbox.db"), room, this.now).file;
  }

  private windowsOf(): Record<Lane, DeliveryWindow> {
    const state = this.file.state();
    return lanesOf((lane) => deliveryWindow(state.lanes[lane], { window: 200 }));
  }
}

function emptyStore(): Kept {
  return {
    settled: new Map(),
    ats: lanesOf(() => new Set<number>()),
    gaps: lanesOf((): GivenUp[] => []),
  };
}

function copyOf({ settled, ats, gaps }: Kept): Kept {
  return {
    settled: new Map(settled),
    ats: lanesOf((lane) => new Set(ats[lane])),
    gaps: lanesOf((lane) => [...gaps[lane]]),
  };
}
