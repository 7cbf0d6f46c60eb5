import { expect, test } from "vitest";
import { connectionWord } from "./connection-word.ts";

const heard = { state: "live" } as const;

test.each([
  ["live", { at: 5_000, state: "live" }],
  ["late", { at: 5_000, state: "late" }],
  ["asleep", { at: 5_000, state: "asleep" }],
  ["old", { at: 5_000, state: "stale" }],
  ["old", { at: 5_000, state: "offline" }],
  ["connected", { at: null, state: "never" }],
] as const)("a page that hears its server is %s by what its devices are", (word, newest) => {
  expect(connectionWord(heard, newest)).toBe(word);
});

test.each(["connecting", "reconnecting", "lost"] as const)(
  "a page that does not is %s whatever it has heard before",
  (state) => {
    expect(connectionWord({ state }, { at: 5_000, state: "live" })).toBe(state);
  },
);
