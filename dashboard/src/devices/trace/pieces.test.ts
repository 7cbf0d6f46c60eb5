import type { CommandDetail } from "@sunledger/model";
import { expect, test } from "vitest";
import { piecesOf, traceFile, traceText } from "./pieces.ts";

const at = Date.parse("2026-06-21T04:00:00.250Z");
const sent = { at, direction: "sent" as const, hex: "000100000006010300000002" };
const got = { at: at + 12, direction: "got" as const, hex: "000100000003018302" };
const answer = { v: 1 as const, id: "c", at };

test("the pieces of a trace stand in the order in which they went", () => {
  const results = [
    { ...answer, state: "accepted" },
    { ...answer, state: "progress", bytes: [sent] },
    { ...answer, state: "progress", waiting: "nothing" },
    { ...answer, state: "progress", bytes: [got, sent] },
    { ...answer, state: "done", traced: { pieces: 3, isFull: false } },
  ] as const;
  const answers = results.map((result) => ({ heardAt: at, result }));

  expect(piecesOf({ answers } as unknown as CommandDetail)).toEqual([sent, got, sent]);
  expect(piecesOf(undefined)).toEqual([]);
});

test("a file has a line for each piece, and the name of the device and of its time", () => {
  expect(traceText("INV-01", [sent, got])).toBe(
    `# the line of INV-01, with all units that share it
2026-06-21T04:00:00.250Z > 000100000006010300000002
2026-06-21T04:00:00.262Z < 000100000003018302
`,
  );
  expect(traceFile("INV-01", [sent])).toBe("INV-01-20260621T040000Z.txt");
});
