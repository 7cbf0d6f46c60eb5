import { expect, test } from "vitest";
import { certificateWord } from "./certificate-word.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 5, 21, 4);

test.each([
  ["not at all without TLS", undefined, { key: "none", isUrgent: false }],
  ["for long", now + 90 * day, { key: "left", days: 90, isUrgent: false }],
  ["for less than a month", now + 29.5 * day, { key: "left", days: 29, isUrgent: true }],
  ["for hours", now + day / 2, { key: "today", days: 0, isUrgent: true }],
  ["no longer", now, { key: "over", days: 0, isUrgent: true }],
  ["since days no longer", now - 3 * day, { key: "over", days: 0, isUrgent: true }],
] as const)("a certificate is valid %s", (_, until, word) => {
  expect(certificateWord(until, now)).toMatchObject(word);
});
