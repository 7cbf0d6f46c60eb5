import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { keeping } from "./keeping.ts";

const hour = 60 * 60_000;

describe("keeping", () => {
  test("the newest word counts, at most one every so often", async () => {
    const { words, kept, pace } = shelf();
    for (let i = 0; i < 100; i += 1) {
      words.take("roof-17", `word ${i}`);
      await pace.advance(pace.now() + 100);
    }
    await pace.advance(pace.now() + 5_000);

    expect(kept.at(-1)).toEqual(["roof-17", "word 99"]);
    expect(kept.length).toBeLessThanOrEqual(6);
    expect(kept.length).toBeGreaterThanOrEqual(5);
  });

  test("the same word again is not written, until it is old", async () => {
    const { words, kept, pace } = shelf();
    for (let i = 0; i < 50; i += 1) {
      words.take("roof-17", "online");
      await pace.advance(pace.now() + 1_000);
    }
    expect(kept).toHaveLength(1);
    await pace.advance(pace.now() + 60_000);
    words.take("roof-17", "online");
    await pace.advance(pace.now() + 1_000);
    expect(kept).toHaveLength(2);
  });

  test("a word about somebody unknown is offered again until they are known", async () => {
    const { words, kept, pace, know } = shelf();
    know(false);
    words.take("INV-01", "an inverter");
    await pace.advance(10_000);
    expect(kept).toEqual([]);

    know(true);
    await pace.advance(15_000);
    expect(kept).toEqual([["INV-01", "an inverter"]]);
  });

  test("a word about somebody who never becomes known is given up, until it is said again", async () => {
    const { words, kept, pace, know, offered, givenUp } = shelf();
    know(false);
    words.take("INV-99", "a stranger");
    await pace.advance(2 * hour);
    const before = offered();
    await pace.advance(3 * hour);

    expect(givenUp).toEqual(["INV-99"]);
    expect(before).toBeLessThan(150);
    expect(offered()).toBe(before);

    know(true);
    words.take("INV-99", "a stranger");
    await pace.advance(3 * hour + 5_000);
    expect(kept).toEqual([["INV-99", "a stranger"]]);
  });

  test("what a restored database may have lost is kept again", async () => {
    const { words, kept, pace } = shelf();
    words.take("INV-01", "an inverter");
    await pace.advance(5_000);
    words.forget();
    words.take("INV-01", "an inverter");
    await pace.advance(10_000);

    expect(kept).toEqual([
      ["INV-01", "an inverter"],
      ["INV-01", "an inverter"],
    ]);
  });

  test("what cannot be kept now is kept later", async () => {
    const { words, kept, pace, fail } = shelf();
    fail(true);
    words.take("roof-17", "first");
    await pace.advance(10_000);
    words.take("roof-17", "second");
    fail(false);
    await pace.advance(60_000);

    expect(kept).toEqual([["roof-17", "second"]]);
  });
});

function shelf() {
  const pace = drivenClock(0);
  const kept: [string, string][] = [];
  let known = true;
  let failing = false;
  let offers = 0;
  const givenUp: string[] = [];
  const words = keeping<string>({
    onGivenUp: (subject) => givenUp.push(subject),
    keep: async (subject, word) => {
      offers += 1;
      if (failing) throw new Error("away");
      if (known) kept.push([subject, word]);
      return known;
    },
    gist: (word) => word,
    everyMs: 2_000,
    renewMs: 60_000,
    pace,
    log: pino({ level: "silent" }),
    signal: new AbortController().signal,
  });
  return {
    words,
    kept,
    pace,
    givenUp,
    offered: () => offers,
    know: (on: boolean) => {
      known = on;
    },
    fail: (on: boolean) => {
      failing = on;
    },
  };
}
