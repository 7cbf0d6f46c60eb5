import { LiveMessage } from "@sunledger/model";
import { describe, expect, test } from "vitest";
import {
  batch,
  inverter,
  noon,
  organisation,
  outcome,
  plant,
  powersHash,
  stored,
} from "../testing/frames.ts";
import { liveOf } from "./live.ts";

const plantOf = () => plant;

describe("live messages", () => {
  test("tell only what is stored for the first time (D-10)", () => {
    const frames = [stored(1), stored(2), stored(2), stored(3)];
    const written = [{ batch: batch(frames), outcome: outcome({ fresh: new Set([2, 3]) }) }];

    expect(liveOf(written, plantOf, noon)).toEqual([
      {
        organisation,
        plant,
        message: {
          v: 1,
          arrival: noon,
          frames: [
            [inverter, powersHash, noon + 2_000, [1_002, 50]],
            [inverter, powersHash, noon + 3_000, [1_003, 50]],
          ],
        },
      },
    ]);
  });

  test("tell of what is over an hour late the newest of each device alone, and apart", () => {
    const late = [3, 1, 2].map((hours, i) => stored(i + 1, { at: noon - hours * 61 * 60_000 }));
    const written = [
      { batch: batch([...late, stored(4)]), outcome: outcome({ fresh: new Set([1, 2, 3, 4]) }) },
    ];

    const messages = liveOf(written, plantOf, noon);

    expect(messages.map(({ message }) => message.frames.map(([, , at]) => at))).toEqual([
      [noon - 61 * 60_000],
      [noon + 4_000],
    ]);
  });

  test("split what is too much for one message, and lose nothing", () => {
    const frames = Array.from({ length: 300 }, (_, i) =>
      stored(i + 1, {
        at: noon,
        values: Array.from({ length: 100 }, () => 1.5),
        quality: { 0: "suspect" },
      }),
    );
    const fresh = new Set(frames.map(({ sequence }) => sequence));
    const messages = liveOf([{ batch: batch(frames), outcome: outcome({ fresh }) }], plantOf, noon);

    expect(messages.map(({ message }) => message.frames.length)).toEqual([80, 80, 80, 60]);
    for (const { message } of messages) expect(LiveMessage.safeParse(message).success).toBe(true);
  });
});
