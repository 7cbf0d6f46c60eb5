import { expect, test } from "vitest";
import { connectionWord } from "./connection-word.ts";

const heard = { state: "live", valuesAt: 5_000 } as const;

test.each([
  ["live", { at: 5_000, current: true }],
  ["old", { at: 5_000, current: false }],
  ["connected", { at: null, current: false }],
] as const)("a page that hears its server is %s by what its devices are", (word, newest) => {
  expect(connectionWord(heard, newest)).toBe(word);
});

test.each(["connecting", "reconnecting", "lost"] as const)(
  "a page that does not is %s whatever it has heard before",
  (state) => {
    expect(connectionWord({ state, valuesAt: 5_000 }, { at: 5_000, current: true })).toBe(state);
  },
);
