import { drivenClock } from "@sunledger/runtime";
import { describe, expect, test } from "vitest";
import { epoch } from "../testing/frames.ts";
import { holes } from "./holes.ts";

const stream = { gateway: "roof-17", epoch, lane: "values" } as const;

describe("holes (D-2)", () => {
  test("a hole that stays is due, one that closes is not", async () => {
    const { pace, watched } = watch();
    watched.note(stream, [
      [1, 5],
      [8, 9],
    ]);
    expect(watched.due()).toEqual([]);
    await pace.advance(600);
    expect(watched.due()).toEqual([stream]);

    watched.note(stream, [[1, 9]]);
    await pace.advance(60_000);
    expect(watched.due()).toEqual([]);
  });

  test("a backlog that drains beside live frames is no hole", async () => {
    const { pace, watched } = watch();
    for (let upTo = 1; upTo < 20; upTo += 1) {
      watched.note(stream, [
        [1, upTo],
        [1_000, 1_000 + upTo],
      ]);
      await pace.advance(pace.now() + 400);
      expect(watched.due()).toEqual([]);
    }
  });

  test("asks ever more rarely, and never one that says nothing", async () => {
    const { pace, watched } = watch();
    const missing = [[2, 3]] as const;
    watched.note(stream, missing);
    await pace.advance(600_000);
    expect(watched.due()).toHaveLength(1);
    await pace.advance(1_200_000);
    expect(watched.due()).toEqual([]);

    watched.note(stream, missing);
    expect(watched.due()).toHaveLength(1);
    watched.note(stream, missing);
    await pace.advance(pace.now() + 1_000);
    expect(watched.due()).toEqual([]);
    await pace.advance(pace.now() + 1_000);
    expect(watched.due()).toHaveLength(1);
  });
});

function watch() {
  const pace = drivenClock(0);
  return { pace, watched: holes(pace) };
}
