import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seed } from "../support/thoroughness.ts";
import { allKinds, kindOf, type Place } from "./fault-kinds.ts";
import { endOf, faultSchedule, type ScheduleWish } from "./fault-schedule.ts";

const targets: Readonly<Record<Place, readonly string[]>> = {
  broker: ["broker"],
  ingest: ["ingest"],
  store: ["store"],
  gateway: ["north-gw", "south-gw"],
  uplink: ["north uplink", "south uplink"],
  ingestLink: ["ingest link"],
  databaseLink: ["database link"],
  brokerDatabaseLink: ["broker database link"],
  series: ["series"],
  seriesLink: ["series link"],
  api: ["api"],
  apiDatabaseLink: ["api database link"],
  field: ["north/INV-01", "north/INV-02", "south/INV-01"],
  peer: ["peer"],
};

const anyWish: fc.Arbitrary<ScheduleWish> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  kinds: fc.subarray([...allKinds], { minLength: 1 }),
  targets: fc.constant(targets),
  rounds: fc.integer({ min: 1, max: 5 }),
  everyMs: fc.integer({ min: 100, max: 10_000 }),
});

describe("a schedule of faults", () => {
  test("is the same from the same seed", () => {
    holds((wish) => {
      expect(faultSchedule(wish)).toEqual(faultSchedule({ ...wish }));
    });
  });

  test("is another from another seed", () => {
    const wish = { kinds: allKinds, targets, rounds: 2, everyMs: 2_000 };
    const lines = [1, 2, 3, 4].map((seed) => JSON.stringify(faultSchedule({ ...wish, seed })));

    expect(new Set(lines).size).toBe(4);
  });

  test("has each kind once a round, at a place of its kind, within its bounds, in the order of time", () => {
    holds((wish) => {
      const faults = faultSchedule(wish);
      for (const kind of wish.kinds) {
        expect(faults.filter((fault) => fault.kind === kind)).toHaveLength(wish.rounds);
      }
      for (const { kind, target, lastsMs, detail } of faults) {
        const { place, lastsMs: span, detail: more } = kindOf(kind);
        expect(targets[place]).toContain(target);
        expect(lastsMs).toBeGreaterThanOrEqual(span[0]);
        expect(lastsMs).toBeLessThanOrEqual(span[1]);
        expect(detail === undefined).toBe(more === undefined);
      }
      expect(faults.map(({ at }) => at)).toEqual(faults.map(({ at }) => at).sort((a, b) => a - b));
    });
  });

  test("is no other where some kinds cannot happen, or a place is not there", () => {
    holds((wish) => {
      const impossible = wish.kinds.filter((_, i) => i % 3 === 0);
      const whole = faultSchedule(wish);
      const nobody = { ...wish, targets: { ...targets, brokerDatabaseLink: [] } };

      expect(faultSchedule({ ...wish, impossible })).toEqual(
        whole.filter(({ kind }) => !impossible.includes(kind)),
      );
      expect(faultSchedule(nobody)).toEqual(
        whole.filter(({ kind }) => kindOf(kind).place !== "brokerDatabaseLink"),
      );
    });
  });

  test("never strikes one target twice at once", () => {
    holds((wish) => {
      for (const faults of Map.groupBy(faultSchedule(wish), ({ target }) => target).values()) {
        for (const [place, fault] of faults.entries()) {
          expect(fault.at).toBeGreaterThanOrEqual(endOf(faults.slice(0, place)));
        }
      }
    });
  });

  test("spares a place that has no name", () => {
    const faults = faultSchedule({
      ...{ seed: 1, kinds: allKinds, rounds: 1, everyMs: 1_000 },
      targets: { ...targets, peer: [] },
    });

    expect(faults.some(({ kind }) => kindOf(kind).place === "peer")).toBe(false);
    const ofPeer = allKinds.filter((kind) => kindOf(kind).place === "peer");
    expect(faults.length).toBe(allKinds.length - ofPeer.length);
  });
});

function holds(property: (wish: ScheduleWish) => void): void {
  fc.assert(fc.property(anyWish, property), { numRuns: 200, seed });
}
