import { expect, test } from "vitest";
import { type KeptFrame, recentFrames } from "./recent-frames.ts";

test("the newest are at hand, so many of each lane", () => {
  const recent = recentFrames(3);
  for (let n = 1; n <= 5; n += 1) recent.add("values", frame(n));
  recent.add("counters", frame(1));

  expect(numbersIn(recent.find("values", [[1, 6]]))).toEqual([
    [3, 4, 5],
    [
      [1, 2],
      [6, 6],
    ],
  ]);
  expect(numbersIn(recent.find("counters", [[1, 1]]))).toEqual([[1], []]);
});

test("what is stored elsewhere makes room at once, up to the first that is not", () => {
  const recent = recentFrames(10);
  for (let n = 1; n <= 6; n += 1) recent.add("values", frame(n));

  recent.forget("values", [[2, 3]]);
  expect(numbersIn(recent.find("values", [[1, 6]]))).toEqual([[1, 2, 3, 4, 5, 6], []]);
  recent.forget("values", [
    [1, 3],
    [5, 5],
  ]);
  expect(numbersIn(recent.find("values", [[1, 6]]))).toEqual([[4, 5, 6], [[1, 3]]]);
  recent.forget("counters", [[1, 6]]);
  recent.forget("values", []);
  expect(numbersIn(recent.find("values", [[4, 6]]))).toEqual([[4, 5, 6], []]);
});

function frame(sequence: number): KeptFrame {
  const content = { device: "INV-01", layout: "", at: sequence, clock: "synced" } as const;
  return { frame: { ...content, sequence, values: [] }, bytes: 1 };
}

function numbersIn({ found, missing }: ReturnType<ReturnType<typeof recentFrames>["find"]>) {
  return [found.map((kept) => kept.frame.sequence), missing];
}
