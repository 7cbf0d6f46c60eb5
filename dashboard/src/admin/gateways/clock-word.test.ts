import { expect, test } from "vitest";
import { clockWord } from "./clock-word.ts";

const clock = { state: "synced", by: "system" } as const;

test.each([
  ["nothing of its clock", undefined, { key: "unknown", seconds: 0 }],
  ["that it is right", clock, { key: "right", seconds: 0 }],
  ["that it is right within a message's way", { ...clock, offsetMs: -400 }, { key: "right" }],
  ["that it is ahead", { ...clock, offsetMs: 62_400 }, { key: "ahead", seconds: 62 }],
  ["that it is behind", { ...clock, offsetMs: -2_000 }, { key: "behind", seconds: 2 }],
  ["that nobody vouches for it", { ...clock, state: "unsynced" }, { key: "unsynced", seconds: 0 }],
] as const)("a gateway tells %s", (_, said, word) => {
  expect(clockWord(said)).toMatchObject(word);
});
