import { drivenClock } from "@sunledger/runtime";
import { beforeEach, describe, expect, test } from "vitest";
import { type Confirmations, confirmations } from "./confirmations.ts";

describe("a proposal", () => {
  const clock = drivenClock(0);
  let kept: Confirmations<string>;
  beforeEach(() => {
    kept = confirmations(clock);
  });

  test("is confirmed once, by whoever made it", () => {
    const { token } = kept.propose("wang", "60 %");

    expect(kept.take("li", token)).toBeUndefined();
    expect(kept.take("wang", "another")).toBeUndefined();
    expect(kept.take("wang", token)).toBe("60 %");
    expect(kept.take("wang", token)).toBeUndefined();
  });

  test("is forgotten when its time is over", async () => {
    const { token, validUntil } = kept.propose("wang", "60 %");
    await clock.advance(validUntil);

    expect(kept.take("wang", token)).toBeUndefined();
  });

  test("pushes the oldest of the same owner out, nobody else's", () => {
    const { token } = kept.propose("wang", "first");
    const other = kept.propose("li", "other");
    for (let i = 0; i < 20; i += 1) kept.propose("wang", String(i));

    expect(kept.take("wang", token)).toBeUndefined();
    expect(kept.take("li", other.token)).toBe("other");
  });
});
