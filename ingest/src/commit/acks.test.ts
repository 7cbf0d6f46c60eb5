import { Ack } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import { noEpoch } from "../accept/judge.ts";
import { batch, epoch, outcome } from "../testing/frames.ts";
import { acksOf, resetAck } from "./acks.ts";

const never = () => false;

describe("acks", () => {
  test("both lanes of an epoch travel in one, ranges beyond the watermark listed (D-2)", () => {
    const acks = acksOf(
      [
        { batch: batch([], { lane: "counters" }), outcome: outcome({ settled: [[1, 4]] }) },
        {
          batch: batch([]),
          outcome: outcome({
            settled: [
              [1, 9],
              [12, 13],
            ],
          }),
        },
      ],
      "store-1",
      never,
    );

    expect(acks).toEqual([
      {
        gateway: "roof-17",
        ack: {
          store: "store-1",
          epoch,
          lanes: { counters: { upTo: 4, ranges: [] }, values: { upTo: 9, ranges: [[12, 13]] } },
        },
      },
    ]);
    expect(Ack.safeParse(acks[0]?.ack).success).toBe(true);
  });

  test("an unreadable message is not answered", () => {
    const written = [{ batch: batch([], { epoch: noEpoch }), outcome: outcome() }];
    expect(acksOf(written, "store-1", never)).toEqual([]);
  });

  test("a copy of an outbox is told to begin a new epoch, whichever lane found out", () => {
    const lanes = (["counters", "values"] as const).map((lane) => {
      const newEpoch = lane === "counters";
      return { batch: batch([], { lane }), outcome: outcome({ newEpoch }) };
    });
    expect(acksOf(lanes, "store-1", never)[0]?.ack.newEpoch).toBe(true);
  });

  test("a reset is said once an ack", () => {
    let asked = true;
    const once = () => {
      const now = asked;
      asked = false;
      return now;
    };
    const lanes = (["counters", "values"] as const).map((lane) => {
      return { batch: batch([], { lane }), outcome: outcome() };
    });
    expect(acksOf(lanes, "store-1", once)[0]?.ack.reset).toBe(true);
  });

  test("a reset names both lanes, also those that have stored nothing", () => {
    const other = "0195a000-0000-7000-8000-0000000000e2";
    const settled = [
      { epoch, lane: "values", settled: [[1, 7]] },
      { epoch: other, lane: "counters", settled: [[1, 99]] },
    ] as const;

    expect(resetAck(epoch, settled, "store-1")).toEqual({
      store: "store-1",
      epoch,
      lanes: { counters: { upTo: 0, ranges: [] }, values: { upTo: 7, ranges: [] } },
      reset: true,
    });
  });
});
