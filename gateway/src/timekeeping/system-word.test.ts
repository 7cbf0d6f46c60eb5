import { expect, test } from "vitest";
import { systemWord, wordOfChrony, wordOfSystemd } from "./system-word.ts";

test.each([
  ["yes\n", "synced"],
  ["no\n", "unsynced"],
  ["", undefined],
  ["Failed to connect to bus", undefined],
])("systemd's %o is %o", (answer, word) => expect(wordOfSystemd(answer)).toBe(word));

const tracking = (leap: string) =>
  `Reference ID    : A9FEA97B (169.254.169.123)
Stratum         : 4
System time     : 0.000001501 seconds fast of NTP time
Leap status     : ${leap}
`;

test.each([
  [tracking("Normal"), "synced"],
  [tracking("Insert second"), "synced"],
  [tracking("Not synchronised"), "unsynced"],
  ["506 Cannot talk to daemon", undefined],
])("chrony's %o is %o", (answer, word) => expect(wordOfChrony(answer)).toBe(word));

test("a machine is asked without fail, whatever keeps its clock", async () => {
  expect(["synced", "unsynced", "unknown"]).toContain(await systemWord());
});
