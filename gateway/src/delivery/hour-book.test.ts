import { GatewayStatus } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { emptyLane, type LaneState } from "../outbox/lane-state.ts";
import type { OutboxState } from "../outbox/outbox-file.ts";
import { hourBook } from "./hour-book.ts";

const hour = 3_600_000;
const noon = Date.UTC(2026, 5, 1, 12);
const epoch = "0195a000-0000-7000-8000-0000000000e1";

function stateOf(values: Partial<LaneState>, of = epoch): OutboxState {
  return { epoch: of, lanes: { counters: emptyLane, values: { ...emptyLane, ...values } } };
}

describe("the hours of a lane (D-13)", () => {
  test("say what became of the numbers given in each", () => {
    const book = hourBook(stateOf({ last: 10 }));
    book.note(stateOf({ last: 15 }), noon + 1);
    book.note(stateOf({ last: 20 }), noon + hour - 1);
    book.note(stateOf({ last: 20 }), noon + hour);
    book.note(stateOf({ last: 30 }), noon + hour + 5);

    const gap = { from: 21, to: 22, fromAt: 0, toAt: 0, reason: "outboxFull" as const };
    const { lanes } = stateOf({ last: 30, settled: [[1, 18]], gaps: [gap] });
    expect(book.told("values", lanes.values)).toEqual([
      [noon, 11, 20, 2, 0],
      [noon + hour, 21, 30, 8, 2],
    ]);
    expect(book.told("counters", lanes.counters)).toEqual([]);
  });

  test("are as many as a status takes", () => {
    const book = hourBook(stateOf({}));
    for (let i = 1; i <= 100; i += 1) book.note(stateOf({ last: i }), noon + i * hour);

    const hours = book.told("values", stateOf({ last: 100 }).lanes.values);
    expect(hours[0]).toEqual([noon + 76 * hour, 76, 76, 1, 0]);
    expect(hours.at(-1)).toEqual([noon + 100 * hour, 100, 100, 1, 0]);
    const count = { produced: 100, acknowledged: 0, givenUp: 0, waiting: 100, hours };
    const status = { v: 1, state: "online", lanes: { values: count } };
    expect(GatewayStatus.safeParse(status).success).toBe(true);
  });

  test("begin anew with the numbers of a new epoch", () => {
    const book = hourBook(stateOf({}));
    book.note(stateOf({ last: 9 }), noon);
    const other = "0195a000-0000-7000-8000-0000000000e2";
    book.note(stateOf({ last: 4 }, other), noon);
    expect(book.told("values", stateOf({ last: 4 }).lanes.values)).toEqual([]);

    book.note(stateOf({ last: 6 }, other), noon);
    expect(book.told("values", stateOf({ last: 6 }).lanes.values)).toEqual([[noon, 5, 6, 2, 0]]);
  });

  test("that a clock comes to twice are told twice, each with its numbers", () => {
    const book = hourBook(stateOf({}));
    book.note(stateOf({ last: 1 }), noon);
    book.note(stateOf({ last: 2 }), noon + hour);
    book.note(stateOf({ last: 3 }), noon);

    expect(book.told("values", stateOf({ last: 3 }).lanes.values)).toEqual([
      [noon, 1, 1, 1, 0],
      [noon + hour, 2, 2, 1, 0],
      [noon, 3, 3, 1, 0],
    ]);
  });
});
