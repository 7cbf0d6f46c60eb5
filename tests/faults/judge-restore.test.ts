import { describe, expect, test } from "vitest";
import type { Gap } from "./account.ts";
import { judgeRestore } from "./judge-restore.ts";
import type { Incident } from "./run-schedule.ts";

const minute = 60_000;
const full = incident("north-gw", 2 * minute, 3 * minute);

describe("a restored store", () => {
  test("has everything again, and the gaps that were there before", () => {
    const known = gap({ from: minute, to: 2 * minute });

    expect(judged([known], [known], [])).toEqual([]);
  });

  test("lacks what a gateway without a full disk had in its ring", () => {
    expect(judged([], [gap({})], [])).toHaveLength(1);
    expect(judged([], [gap({ gateway: "south-gw", plant: "south" })], [full])).toHaveLength(1);
  });

  test("may lack what a full disk has cost the ring, and nothing of later", () => {
    expect(judged([], [gap({ to: 3 * minute })], [full])).toEqual([]);
    expect(judged([], [gap({ to: 4 * minute })], [full])).toHaveLength(1);
  });

  test("does not hide what was lost in a gap of the other lane, or in a shorter one", () => {
    const known = gap({ frames: 10 });

    expect(judged([known], [gap({ frames: 10, lane: "counters" })], [])).toHaveLength(1);
    expect(judged([known], [gap({ frames: 11 })], [])).toHaveLength(1);
  });

  test("has as many frames as before, with those that were given up", () => {
    expect(judgeRestore({ gaps: [], frames: 100 }, { gaps: [], frames: 99 }, [])).toHaveLength(1);
    const lost = { gaps: [gap({ frames: 10 })], frames: 90 };
    expect(judgeRestore({ gaps: [], frames: 100 }, lost, [full])).toEqual([]);
  });
});

function judged(before: readonly Gap[], restored: readonly Gap[], incidents: readonly Incident[]) {
  return judgeRestore({ gaps: before, frames: 0 }, { gaps: restored, frames: 0 }, incidents);
}

function gap(more: Partial<Gap>): Gap {
  const gateway = { plant: "north", gateway: "north-gw", lane: "values" };
  return { ...gateway, frames: 10, from: minute, to: 2 * minute, ...more };
}

function incident(target: string, from: number, to: number): Incident {
  return { fault: { at: 0, kind: "diskFull", target, lastsMs: to - from }, from, to };
}
