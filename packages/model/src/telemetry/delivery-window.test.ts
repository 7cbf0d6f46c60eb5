import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { laneAckOf } from "./ack.ts";
import { type DeliveryWindow, deliveryWindow, type Parcel } from "./delivery-window.ts";
import type { GivenUp } from "./message.ts";
import { common, noRanges, type Range, type Ranges, rangesOf, sizeOf, unionOf } from "./ranges.ts";

describe("the delivery window", () => {
  test("hands out everything once, oldest first, in its bounds", () => {
    const window = deliveryWindow({ last: 25 }, { window: 20 });

    expect(window.take(10)?.numbers).toEqual([[1, 10]]);
    expect(window.take(15)?.numbers).toEqual([[11, 20]]);
    expect(window.take(10)).toBeUndefined();
    window.ack("a", { upTo: 5, ranges: [] });
    expect(window.take(10)?.numbers).toEqual([[21, 25]]);
    expect(window.onTheirWay()).toBe(20);
  });

  test("sends live frames first, up to half of the window, while a backlog drains (D-3)", () => {
    const window = deliveryWindow({ last: 1_000 }, { window: 100 });
    window.kept(1_030);

    expect(window.take(40)?.numbers).toEqual([
      [1, 10],
      [1_001, 1_030],
    ]);
    window.kept(1_100);
    expect(window.take(100)?.numbers).toEqual([
      [11, 50],
      [1_031, 1_050],
    ]);
  });

  test("uses the whole window for live frames when there is nothing else", () => {
    const window = deliveryWindow({ last: 0 }, { window: 100 });
    window.kept(300);

    expect(window.take(500)?.numbers).toEqual([[1, 100]]);
  });

  test("sends nothing again that was acknowledged by range (D-3)", () => {
    const window = deliveryWindow({ last: 30 });
    window.take(30);
    window.ack("a", { upTo: 5, ranges: [[10, 20]] });
    window.restart();

    expect(window.take(30)?.numbers).toEqual([
      [6, 9],
      [21, 30],
    ]);
  });

  test("gives up hope only for what was on its way at the lapse before", () => {
    const window = deliveryWindow({ last: 20 });
    window.take(10);
    expect(window.lapse()).toBe(0);
    window.take(10);
    window.ack("a", { upTo: 4, ranges: [] });

    expect(window.lapse()).toBe(6);
    expect(window.take(20)?.numbers).toEqual([[5, 10]]);
  });

  test("sends one frame a message after five sends that others outlived (D-6)", () => {
    const window = deliveryWindow({ last: 3 });
    for (let send = 1; send <= 5; send += 1) {
      expect(window.take(10)?.numbers).toEqual([[1, 3]]);
      settleOneMore(window, 3 + send);
      window.lapse();
      window.lapse();
    }
    window.kept(9);

    expect([1, 2, 3, 4].map(() => window.take(10)?.numbers)).toEqual([
      [[9, 9]],
      [[1, 1]],
      [[2, 2]],
      [[3, 3]],
    ]);
  });

  test("suspects no frame because nobody answers (D-6)", () => {
    const window = deliveryWindow({ last: 20_000 });
    drained(window);
    for (let round = 0; round < 20; round += 1) {
      window.lapse();
      drained(window);
    }
    window.ack("a", { upTo: 1, ranges: [] });

    expect(drained(window).every((count) => count > 1)).toBe(true);
  });

  test("forgets its suspicions when all begins anew", () => {
    const window = deliveryWindow({ last: 3 });
    for (let send = 1; send <= 5; send += 1) {
      window.take(10);
      settleOneMore(window, 3 + send);
      window.lapse();
      window.lapse();
    }
    window.restart();

    expect(window.take(10)?.numbers).toEqual([[1, 3]]);
  });

  test("probes with one message a lapse while nothing is acknowledged, in turn", () => {
    const window = deliveryWindow({ last: 1_000 }, { window: 1_000 });
    for (let i = 0; i < 4; i += 1) window.take(250);
    window.lapse();

    const probes = [0, 1, 2, 3, 4].map(() => {
      expect(window.lapse()).toBe(1_000);
      const probe = window.take(250)?.numbers;
      expect(window.take(250)).toBeUndefined();
      return probe;
    });
    expect(probes).toEqual([[[1, 250]], [[251, 500]], [[501, 750]], [[751, 1_000]], [[1, 250]]]);
  });

  test("sends everything again at once when an ack comes again, live frames first (D-3)", () => {
    const window = deliveryWindow({ last: 1_000 }, { window: 1_000 });
    for (let i = 0; i < 4; i += 1) window.take(250);
    for (let i = 0; i < 4; i += 1) window.lapse();
    window.take(250);
    window.kept(1_100);
    window.ack("a", { upTo: 250, ranges: [] });

    const parcels = [window.take(500)?.numbers, window.take(500)?.numbers];
    expect(parcels).toEqual([[[251, 750]], [[751, 1_100]]]);
  });

  test("sends live frames while it probes, never in the message of the probe", () => {
    const window = deliveryWindow({ last: 10 });
    window.take(10);
    window.lapse();
    window.lapse();
    window.kept(12);

    expect(window.take(10)?.numbers).toEqual([[1, 10]]);
    expect(window.take(10)?.numbers).toEqual([[11, 12]]);
  });

  test("probes with gaps too (D-9)", () => {
    const window = deliveryWindow({ last: 10 });
    window.giveUp(gap(1, 4));
    window.take(10);
    window.lapse();
    window.lapse();

    expect(window.take(10)).toEqual({ numbers: [[5, 10]], gaps: [gap(1, 4)] });
    expect(window.take(10)).toBeUndefined();
  });

  test("sends a gap in place of frames given up, until it is settled (D-9)", () => {
    const window = deliveryWindow({ last: 10 });
    window.giveUp(gap(1, 4));

    expect(window.take(10)).toEqual({ numbers: [[5, 10]], gaps: [gap(1, 4)] });
    window.restart();
    window.ack("a", { upTo: 2, ranges: [] });
    expect(window.take(10)?.gaps).toEqual([gap(3, 4)]);
    window.ack("a", { upTo: 10, ranges: [] });
    window.restart();
    expect(window.take(10)).toBeUndefined();
    window.ack("restored", { upTo: 1, ranges: [[3, 10]] });
    expect(window.take(10)).toEqual({ numbers: [], gaps: [gap(2, 2)] });
  });

  test("goes back to what another incarnation of the store has (D-15)", () => {
    const window = deliveryWindow({ last: 10, settled: [[1, 10]], store: "a" });

    const outcome = window.ack("b", { upTo: 3, ranges: [[7, 7]] });

    expect(outcome).toMatchObject({
      restored: true,
      undone: [
        [4, 6],
        [8, 10],
      ],
    });
    expect(window.take(10)?.numbers).toEqual([
      [4, 6],
      [8, 10],
    ]);
  });

  test("takes nothing from an ack of numbers that were never given", () => {
    const window = deliveryWindow({ last: 10 });

    expect(window.ack("a", { upTo: 12, ranges: [] })).toMatchObject({ ahead: true, settled: [] });
    expect(window.take(10)?.numbers).toEqual([[1, 10]]);
  });

  test("loses nothing and repeats nothing settled, whatever happens on the way (D-1 to D-3)", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
        const world = new World();
        for (const step of steps) world.do(step);
        world.settleDown();
        expect(sizeOf(world.stored)).toBe(world.last);
      }),
      { numRuns: 500 },
    );
  });
});

describe("a poisonous frame", () => {
  test("holds up no other, wherever it is and whoever sleeps meanwhile (D-6)", () => {
    const anyCase = fc.record({
      poison: fc.integer({ min: 1, max: 200 }),
      backlog: fc.integer({ min: 0, max: 200 }),
      /** Rounds in which ingest takes nothing. */
      away: fc.array(fc.boolean(), { maxLength: 60 }),
      holesTold: fc.boolean(),
    });
    fc.assert(
      fc.property(anyCase, (found) => {
        const { stored, last } = afterPoison(found);
        expect(stored).toEqual([[1, last]]);
      }),
      { numRuns: 200 },
    );
  });
});

type Poisoning = { poison: number; backlog: number; away: boolean[]; holesTold: boolean };

/** What is stored when ingest can take the poisonous frame only from a message of its own. */
function afterPoison({ poison, backlog, away, holesTold }: Poisoning) {
  const window = deliveryWindow({ last: backlog }, { window: 60 });
  let last = backlog;
  let stored = noRanges;
  const refused = (numbers: Ranges) =>
    sizeOf(numbers) > 1 && common(numbers, [[poison, poison]]).length > 0;
  const drain = (absent: boolean) => {
    for (let parcel = window.take(20); parcel; parcel = window.take(20)) {
      if (absent || refused(parcel.numbers)) continue;
      stored = unionOf(stored, parcel.numbers);
      window.ack("a", laneAckOf(stored));
    }
  };
  for (let round = 0; round < 300; round += 1) {
    if (round < 200) last += 1;
    window.kept(last);
    // Ingest asks for the hole that the frame leaves.
    if (holesTold && round % 3 === 0) window.restart();
    window.lapse();
    drain(away[round] === true);
  }
  return { stored, last };
}

/** Everything that may be sent, as the sizes of its messages. */
function drained(window: DeliveryWindow): number[] {
  const sizes: number[] = [];
  for (let parcel = window.take(500); parcel; parcel = window.take(500)) {
    sizes.push(sizeOf(parcel.numbers));
  }
  return sizes;
}

/** One more frame than before comes, is sent and is settled. */
function settleOneMore(window: DeliveryWindow, number: number) {
  window.kept(number);
  expect(window.take(10)?.numbers).toEqual([[number, number]]);
  window.ack("a", { upTo: 0, ranges: [[number, number]] });
}

type Step =
  | { readonly name: "keep" | "take" | "giveUp"; readonly count: number }
  | { readonly name: "deliver" | "lose" | "repeat" | "ack" | "loseAck" }
  | { readonly name: "lapse" | "restart" | "reopen" | "note" };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    name: fc.constantFrom("keep" as const, "take" as const, "giveUp" as const),
    count: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    name: fc.constantFrom(
      ...(["deliver", "lose", "repeat", "ack", "loseAck"] as const),
      ...(["lapse", "restart", "reopen", "note"] as const),
    ),
  }),
);

/** A gateway's window, a store, and a way between them that loses and repeats. */
class World {
  last = 0;
  stored: Ranges = noRanges;
  private window: DeliveryWindow = deliveryWindow({ last: 0 }, { window: 40 });
  /** What the gateway's disk knows to be settled: later than what it knows itself. */
  private noted: Ranges = noRanges;
  private gaps: GivenUp[] = [];
  private way: Parcel[] = [];

  do(step: Step) {
    if (step.name === "keep") this.keep(step.count);
    else if (step.name === "take") this.take(step.count);
    else if (step.name === "giveUp") this.giveUp(step.count);
    else if (step.name === "deliver") this.deliver(this.way.shift());
    else if (step.name === "repeat") this.deliver(this.way[0]);
    else if (step.name === "lose") this.way.shift();
    else if (step.name === "ack") this.ack();
    else if (step.name === "lapse") this.window.lapse();
    else if (step.name === "restart") this.window.restart();
    else if (step.name === "note") this.noted = this.window.state().settled;
    else if (step.name === "reopen") this.reopen();
  }

  /** With nothing lost any more, everything arrives. */
  settleDown() {
    for (let round = 0; round < 2_000 && sizeOf(this.stored) < this.last; round += 1) {
      if (round % 10 === 0) this.window.lapse();
      this.take(30);
      this.deliver(this.way.shift());
      this.ack();
    }
  }

  private keep(count: number) {
    this.last += count;
    this.window.kept(this.last);
  }

  private take(most: number) {
    const parcel = this.window.take(most);
    if (!parcel) return;
    const { settled } = this.window.state();
    const spans = rangesOf(parcel.gaps.map(({ from, to }): Range => [from, to]));
    expect(sizeOf(parcel.numbers)).toBeLessThanOrEqual(most);
    expect(common(unionOf(parcel.numbers, spans), settled)).toEqual([]);
    expect(common(parcel.numbers, this.gone())).toEqual([]);
    expect(this.window.onTheirWay()).toBeLessThanOrEqual(40 + sizeOf(this.gone()));
    this.way.push(parcel);
  }

  private giveUp(count: number) {
    const from = sizeOf(this.gone()) + 1;
    const to = Math.min(from + count - 1, this.last);
    if (to < from) return;
    this.gaps.push(gap(from, to));
    this.window.giveUp(gap(from, to));
  }

  private gone(): Ranges {
    return rangesOf(this.gaps.map(({ from, to }): Range => [from, to]));
  }

  private deliver(parcel: Parcel | undefined) {
    if (!parcel) return;
    const spans = parcel.gaps.map(({ from, to }): Range => [from, to]);
    this.stored = rangesOf([...this.stored, ...parcel.numbers, ...spans]);
  }

  private ack() {
    this.window.ack("store", laneAckOf(this.stored));
    const { settled } = this.window.state();
    expect(common(settled, this.stored)).toEqual(settled);
  }

  private reopen() {
    this.way = [];
    const { last, noted: settled, gaps } = this;
    this.window = deliveryWindow({ last, settled, gaps, store: "store" }, { window: 40 });
  }
}

function gap(from: number, to: number): GivenUp {
  return { from, to, fromAt: 631_152_000_000, toAt: 631_152_000_001, reason: "outboxFull" };
}
