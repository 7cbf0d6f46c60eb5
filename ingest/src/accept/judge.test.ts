import { type FramesMessage, messageOf, rowOf } from "@sunledger/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  energies,
  energiesHash,
  epoch,
  frame,
  noon,
  powers,
  powersHash,
  sender,
  stored,
} from "../testing/frames.ts";
import { judge, noEpoch, unreadableBatch } from "./judge.ts";

const head = { gateway: sender.id, epoch, lane: "values" } as const;
const known = new Map([
  [powersHash, powers],
  [energiesHash, energies],
]);
const refusedHash = "f".repeat(16);
const layouts = {
  of: (hash: string) => known.get(hash),
  refusalOf: (hash: string) => (hash === refusedHash ? "a point is named twice" : undefined),
};
const judged = (message: FramesMessage) =>
  judge(message, sender, layouts, { now: noon, isDoubted: () => false });

describe("judge", () => {
  test("makes frames of rows, the device by its id", () => {
    const { batch, waiting } = judged(messageOf(head, [frame(1), frame(2)]));

    expect(batch.frames).toEqual([stored(1), stored(2)]);
    expect(batch).toMatchObject({ organisation: sender.organisation, epoch, lane: "values" });
    expect(batch.quarantined).toEqual([]);
    expect(waiting.size).toBe(0);
  });

  test.each([
    ["an unknown device", frame(7, { device: "INV-99" }), "unknownDevice", "unknown device INV-99"],
    ["a value too few", frame(7, { values: [1] }), "malformed", "1 values for 2 points"],
    [
      "a null without flag",
      frame(7, { values: [1, null] }),
      "malformed",
      "ac.frequency has no value and no flag",
    ],
    [
      "a time 11 minutes ahead (D-14)",
      frame(7, { at: noon + 11 * 60_000 }),
      "future",
      "more than 10 minutes in the future",
    ],
    [
      "a layout of the other lane",
      frame(7, { layout: energiesHash, values: [1] }),
      "wrongLane",
      `layout ${energiesHash} is of lane counters`,
    ],
  ])("quarantines a row alone: %s (D-6)", (_case, bad, code, reason) => {
    const { batch } = judged(messageOf(head, [frame(6), bad, frame(8)]));

    expect(batch.frames.map(({ sequence }) => sequence)).toEqual([6, 8]);
    expect(batch.quarantined).toEqual([
      { sequence: 7, code, reason, payload: { layout: bad.layout, row: rowOf(bad) } },
    ]);
  });

  test("what is ahead of a clock that is doubted is left with its gateway (D-14)", () => {
    const ahead = frame(7, { at: noon + 11 * 60_000 });
    const doubted = { now: noon, isDoubted: () => true };
    const message = messageOf(head, [frame(6), ahead, frame(8, { device: "INV-99" })]);
    const { batch, left } = judge(message, sender, layouts, doubted);

    expect(left).toBe(1);
    expect(batch.frames.map(({ sequence }) => sequence)).toEqual([6]);
    expect(batch.quarantined).toMatchObject([{ sequence: 8, code: "unknownDevice" }]);
  });

  test("9 minutes ahead is a clock that runs fast", () => {
    const { batch } = judged(messageOf(head, [frame(1, { at: noon + 9 * 60_000 })]));
    expect(batch.frames).toHaveLength(1);
  });

  test("rows of an unknown layout wait and settle nothing", () => {
    const strange = "0".repeat(16);
    const { batch, waiting } = judged(
      messageOf(head, [frame(1), frame(2, { layout: strange }), frame(3, { layout: strange })]),
    );

    expect(batch.frames.map(({ sequence }) => sequence)).toEqual([1]);
    expect(batch.quarantined).toEqual([]);
    expect([...waiting]).toEqual([[strange, 2]]);
  });

  test("rows of a layout that was refused go to quarantine under their numbers (D-6)", () => {
    const lost = frame(2, { layout: refusedHash });
    const message = messageOf(head, [frame(1), lost]);
    const { batch, waiting, refusedLayouts } = judged({
      ...message,
      groups: [...message.groups, { layout: refusedHash, rows: ["no row"] }],
    });

    const reason = `layout ${refusedHash} cannot be used: a point is named twice`;
    expect(batch.frames.map(({ sequence }) => sequence)).toEqual([1]);
    expect(batch.quarantined).toEqual([
      {
        ...{ sequence: 2, code: "refusedLayout", reason },
        payload: { layout: refusedHash, row: rowOf(lost) },
      },
      { code: "refusedLayout", reason, payload: { layout: refusedHash, row: "no row" } },
    ]);
    expect(waiting.size).toBe(0);
    expect([...refusedLayouts]).toEqual([[refusedHash, "a point is named twice"]]);
  });

  test("says when a device is missing in the directory", () => {
    expect(judged(messageOf(head, [frame(1)])).hasUnknownDevice).toBe(false);
    const { hasUnknownDevice } = judged(messageOf(head, [frame(1, { device: "INV-99" })]));
    expect(hasUnknownDevice).toBe(true);
  });

  test("hands gaps on, crooked ones to quarantine (D-9)", () => {
    const gap = { from: 5, to: 9, fromAt: noon, toAt: noon + 1, reason: "outboxFull" } as const;
    const crooked = { ...gap, from: 10 };
    const { batch } = judged(messageOf(head, [], [gap, crooked]));

    expect(batch.gaps).toEqual([gap]);
    expect(batch.quarantined).toEqual([
      { code: "crookedGap", reason: "a gap ends before it begins", payload: { gap: crooked } },
    ]);
  });

  test("each row of a readable head is one of frame, quarantined and waiting", () => {
    fc.assert(
      fc.property(anyMessage(), (message) => {
        const { batch, waiting } = judged(message);
        const rows = message.groups.reduce((sum, group) => sum + group.rows.length, 0);
        const waits = [...waiting.values()].reduce((sum, count) => sum + count, 0);

        expect(batch.frames.length + batch.quarantined.length + waits).toBe(rows);
        for (const { device } of batch.frames)
          expect([...sender.devices.values()]).toContain(device);
        for (const { reason } of batch.quarantined) expect(reason).not.toBe("");
      }),
      { numRuns: 500 },
    );
  });
});

describe("a message with an unreadable head", () => {
  test("is kept whole under its hash and settles nothing", () => {
    const payload = Buffer.from("{broken");
    const batch = unreadableBatch(payload, "not JSON", sender, noon);

    expect(batch).toMatchObject({ epoch: noEpoch, frames: [], gaps: [] });
    expect(batch.quarantined).toEqual([
      {
        code: "unreadable",
        reason: "not JSON",
        payload: {
          sha256: "be302461cda285db3ed2d45fb767b23e08ca8808b35a638009937df22b332d73",
          base64: payload.toString("base64"),
        },
      },
    ]);
  });
});

function anyMessage(): fc.Arbitrary<FramesMessage> {
  const good = fc.nat(1_000).map((n) => rowOf(frame(n + 1)));
  const odd = fc.tuple(good, fc.nat(7), fc.jsonValue()).map(([row, place, value]) => {
    const changed: unknown[] = [...row];
    changed[place] = value;
    return changed;
  });
  const row = fc.oneof(good, odd, fc.jsonValue());
  const group = fc.record({
    layout: fc.constantFrom(powersHash, energiesHash, "0".repeat(16), refusedHash),
    rows: fc.array(row, { maxLength: 8 }),
  });
  return fc.array(group, { maxLength: 4 }).map((groups) => ({ v: 1, ...head, groups }));
}
