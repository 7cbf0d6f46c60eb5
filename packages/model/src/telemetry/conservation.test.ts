import { describe, expect, test } from "vitest";
import { type Balance, balanceOf, withHours } from "./conservation.ts";

const said = { produced: 100, waiting: 20, givenUp: 5 };

describe("the balance of gateway and store (D-13)", () => {
  test("is even where each number is accounted for", () => {
    expect(balanceOf(said, { settled: 80, quarantined: 3, givenUp: 5 })).toEqual({
      ...{ produced: 100, stored: 72, quarantined: 3, givenUp: 5, waiting: 20, missing: 0 },
    });
  });

  test("takes what the store has and the gateway does not know yet for no difference", () => {
    expect(balanceOf(said, { settled: 100, quarantined: 0, givenUp: 5 })).toMatchObject({
      ...{ stored: 95, waiting: 0, missing: 0 },
    });
    // Nor a gap that is still on its way.
    expect(balanceOf(said, { settled: 75, quarantined: 0, givenUp: 0 })).toMatchObject({
      ...{ stored: 75, givenUp: 5, waiting: 20, missing: 0 },
    });
    // Nor frames that were given up after the store had them.
    expect(balanceOf(said, { settled: 78, quarantined: 0, givenUp: 0 })).toMatchObject({
      ...{ stored: 78, givenUp: 5, waiting: 17, missing: 0 },
    });
    expect(balanceOf(said, { settled: 98, quarantined: 0, givenUp: 0 })).toMatchObject({
      ...{ stored: 98, givenUp: 2, waiting: 0, missing: 0 },
    });
  });

  test("names what the gateway was told is stored and is not", () => {
    expect(balanceOf(said, { settled: 70, quarantined: 1, givenUp: 5 })).toEqual({
      ...{ produced: 100, stored: 64, quarantined: 1, givenUp: 5, waiting: 20, missing: 10 },
    });
  });

  test("hides no loss of a closed hour behind what has arrived since the gateway spoke", () => {
    const count = { produced: 1_000, waiting: 20, givenUp: 0 };
    const whole = balance(count, 995);
    const closed = balance({ produced: 100, waiting: 0, givenUp: 0 }, 95);

    expect(whole).toMatchObject({ waiting: 5, missing: 0 });
    expect(withHours(whole, [closed])).toEqual({ ...whole, waiting: 0, missing: 5 });
    expect(withHours(whole, [])).toEqual(whole);
    // What the whole lacks already counts once.
    expect(withHours(balance(count, 970), [closed])).toMatchObject({ waiting: 20, missing: 10 });
  });
});

function balance(said: Parameters<typeof balanceOf>[0], settled: number): Balance {
  return { lane: "values", ...balanceOf(said, { settled, quarantined: 0, givenUp: 0 }) };
}
