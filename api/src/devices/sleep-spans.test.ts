import { randomUUID } from "node:crypto";
import type { KeptEvent } from "@sunledger/model";
import { expect, test } from "vitest";
import { sleepSpans } from "./sleep-spans.ts";

const hour = 3_600_000;
const device = randomUUID();

test.each([
  ["a night from its beginning to its end", ["asleep 20", "awake 29"], [[20, 29]]],
  [
    "two nights",
    ["awake 53", "asleep 44", "awake 29", "asleep 20"],
    [
      [20, 29],
      [44, 53],
    ],
  ],
  [
    "a sleep told again by a gateway that forgot",
    ["asleep 20", "asleep 24", "awake 29"],
    [[20, 29]],
  ],
  ["nothing of a sleep whose beginning nobody told", ["awake 5"], []],
  ["a sleep that goes on", ["asleep 50"], [[50, 60]]],
  ["no sleep longer than a night", ["asleep 10"], [[10, 46]]],
] as const)("says %s", (_, told, spans) => {
  const events = told.map((one): KeptEvent => {
    const [kind, at] = one.split(" ") as ["asleep" | "awake", string];
    const words = { point: "state.sleep", before: "", after: kind };
    return { ...words, id: randomUUID(), device, kind, at: Number(at) * hour };
  });

  expect(sleepSpans(events, 60 * hour)).toEqual(
    spans.map(([from, to]) => ({ from: from * hour, to: to * hour })),
  );
});
