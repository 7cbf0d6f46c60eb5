import { describe, expect, test } from "vitest";
import { pulse } from "./pulse.ts";

const second = 1_000;

describe("the pulse of polling", () => {
  test("beats while each loop begins its polls", () => {
    const { after, beat, others } = joined();

    for (let n = 0; n < 100; n += 1) {
      for (const loop of [beat, others]) {
        loop.begun();
        loop.ended();
      }
      expect(after(20 * second)).toEqual([]);
    }
  });

  test("names the device whose slots come no more", () => {
    const { after, others, beat } = joined();
    beat.begun();
    beat.ended();

    expect(after(20 * second)).toEqual([]);
    others.begun();
    others.ended();
    expect(after(20 * second)).toEqual(["INV-01"]);
  });

  test("grants a poll of a slow line its time, and not for ever", () => {
    const { after, beat } = joined();
    beat.begun();

    expect(after(14 * 60 * second)).not.toContain("INV-01");
    expect(after(2 * 60 * second)).toContain("INV-01");
  });

  test("waits for a rare slot as long as it takes", () => {
    const { after, join } = pulse();
    join("METER-01", 3_600 * second);

    expect(after(3_610 * second)).toEqual([]);
    expect(after(30 * second)).toEqual(["METER-01"]);
  });

  test("expects nothing of a device that was taken away", () => {
    const { after, beat, others } = joined();
    beat.left();
    others.left();

    expect(after(3_600 * second)).toEqual([]);
  });
});

function joined() {
  const { join, after } = pulse();
  return { after, beat: join("INV-01", second), others: join("INV-02", second) };
}
