import { describe, expect, test } from "vitest";
import { effectOf, Fault } from "./fault.ts";
import { fateOf, type Piece, piecesOf, type WireEffect } from "./wire-effect.ts";

const start = "2026-06-02T00:00:00Z";
const moment = { at: Date.parse(start), timeZone: "Asia/Shanghai" };
/** Request 7, answered with two registers. */
const answer = Buffer.from("0007000000070103041234abcd", "hex");

function wireOf(kind: string, rest: object = {}): readonly WireEffect[] {
  const fault = Fault.parse({ kind, device: "INV-01", start, ...rest });
  const { wire } = effectOf(fault, moment);
  if (!wire) throw new Error(`${kind} does nothing on the wire`);
  return [wire];
}

const fates = (wire: readonly WireEffect[], requests: number) =>
  Array.from({ length: requests }, (_, i) => fateOf(wire, i + 1));
const sent = (wire: readonly WireEffect[], n = 1) =>
  piecesOf(wire, answer, n).map(({ bytes, ...rest }) => ({ ...rest, hex: bytes.toString("hex") }));
const whole = [{ hex: answer.toString("hex"), afterMs: 0 }];

describe("what becomes of a request", () => {
  test.each([
    ["no-answer", { every: 3 }, [undefined, undefined, "unheard", undefined, undefined, "unheard"]],
    ["no-answer", {}, ["unheard", "unheard"]],
    ["half-open", { afterRequests: 2 }, [undefined, undefined, "deaf", "deaf"]],
    ["connection-drop", { afterRequests: 2 }, [undefined, undefined, "hang-up", "hang-up"]],
    ["connection-drop", { afterRequests: 0 }, ["hang-up"]],
    ["exception-answer", { every: 2, code: 11 }, [undefined, 11, undefined, 11]],
    ["exception-answer", {}, [6]],
  ])("with %s %j is %j", (kind, rest, expected) => {
    expect(fates(wireOf(kind, rest), expected.length)).toEqual(expected);
  });

  test("is decided by the first fault that has a word", () => {
    const both = [
      ...wireOf("exception-answer", { every: 2 }),
      ...wireOf("no-answer", { every: 3 }),
    ];

    expect(fates(both, 6)).toEqual([undefined, 6, "unheard", 6, undefined, 6]);
  });

  test("is an answer as it should be without a fault", () => {
    expect(fateOf([], 1)).toBeUndefined();
    expect(sent([])).toEqual(whole);
  });
});

describe("how an answer leaves", () => {
  test("late, and only where it is hit", () => {
    const slow = wireOf("slow-answer", { every: 2, delayMs: 900 });

    expect(sent(slow, 1)).toEqual(whole);
    expect(sent(slow, 2)).toEqual([{ ...whole[0], afterMs: 900 }]);
  });

  test("under the number of another request, and nothing else is touched", () => {
    const wrong = wireOf("wrong-transaction", { off: 3 });

    expect(sent(wrong)).toEqual([{ hex: `000a${answer.toString("hex").slice(4)}`, afterMs: 0 }]);
    expect(answer.readUInt16BE(0)).toBe(7);
    expect(sent(wireOf("wrong-transaction", { off: -8 }))[0]?.hex.slice(0, 4)).toBe("ffff");
  });

  test("in pieces that are together what it was", () => {
    const pieces = sent(wireOf("partial-frames", { bytes: 5, pauseMs: 30 }));

    expect(pieces.map(({ hex }) => hex.length / 2)).toEqual([5, 5, 3]);
    expect(pieces.map(({ afterMs }) => afterMs)).toEqual([0, 30, 30]);
    expect(pieces.map(({ hex }) => hex).join("")).toBe(answer.toString("hex"));
  });

  test("with its first piece alone, where the rest never comes or the device has hung up", () => {
    const first = { hex: "0007000000", afterMs: 0 };

    expect(sent(wireOf("partial-frames", { bytes: 5, rest: "never" }))).toEqual([first]);
    expect(sent(wireOf("partial-frames", { bytes: 5, rest: "hung-up" }))).toEqual([
      { ...first, hangUp: true },
    ]);
    expect(sent(wireOf("partial-frames", { bytes: 13, rest: "never" }))).toEqual(whole);
  });

  test("behind garbage that is the same each time it is simulated", () => {
    const dirty = wireOf("garbage", { bytes: 4 });
    const [piece] = sent(dirty, 3);

    expect(piece?.hex.length).toBe(2 * (4 + answer.length));
    expect(piece?.hex.endsWith(answer.toString("hex"))).toBe(true);
    expect(sent(wireOf("garbage", { bytes: 4 }), 3)).toEqual([piece]);
    expect(sent(dirty, 4)).not.toEqual([piece]);
  });

  test("with what all faults together make of it", () => {
    const all = [
      ...wireOf("partial-frames", { bytes: 12, pauseMs: 5 }),
      ...wireOf("slow-answer", { delayMs: 100 }),
      ...wireOf("wrong-transaction", { off: 1 }),
    ];
    const pieces: readonly Piece[] = piecesOf(all, answer, 1);

    expect(pieces.map(({ afterMs }) => afterMs)).toEqual([100, 5]);
    expect(pieces[0]?.bytes.readUInt16BE(0)).toBe(8);
  });
});

test("answers that wait for one another say how long, and one client whom it keeps", () => {
  expect(wireOf("merged-frames", { withinMs: 40 })).toEqual([{ gatherMs: 40 }]);
  expect(wireOf("one-client")).toEqual([{ keeps: "first" }]);
});

describe("the clock of a device", () => {
  const ahead = (fault: object, at: string, timeZone = "Europe/Berlin") =>
    effectOf(Fault.parse({ device: "LOG-01", start, ...fault }), { at: Date.parse(at), timeZone })
      .clockAheadMs;

  test("gains with the days, or is set wrong at once", () => {
    const drift = { kind: "clock-drift", secondsPerDay: 48 };

    expect(ahead(drift, start)).toBe(0);
    expect(ahead(drift, "2026-06-02T12:00:00Z")).toBe(24_000);
    expect(ahead({ kind: "clock-jump", seconds: -90 }, "2026-06-05T00:00:00Z")).toBe(-90_000);
  });

  test("is an hour off once the zone's clocks are changed and nobody does it", () => {
    const forgotten = { kind: "clock-dst-error", start: "2026-10-24T20:00:00+02:00" };

    expect(ahead(forgotten, "2026-10-25T00:59:59Z")).toBe(0);
    expect(ahead(forgotten, "2026-10-25T01:00:00Z")).toBe(3_600_000);
    expect(ahead(forgotten, "2026-10-25T01:00:00Z", "Asia/Shanghai")).toBe(0);
  });
});
