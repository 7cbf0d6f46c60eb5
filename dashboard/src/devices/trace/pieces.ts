import type { CommandDetail, CommandResult } from "@sunledger/model";

type Progress = Extract<CommandResult, { state: "progress" }>;

/** Bytes that went over the line together. */
export type Piece = NonNullable<Progress["bytes"]>[number];

/** What a trace has told so far, in the order in which it went over the line. */
export function piecesOf(command: CommandDetail | undefined): readonly Piece[] {
  return (command?.answers ?? []).flatMap(({ result }) =>
    result.state === "progress" ? (result.bytes ?? []) : [],
  );
}

/** The trace as a file keeps it, in UTC: `>` went to the device, `<` came from it. */
export function traceText(tag: string, pieces: readonly Piece[]): string {
  const lines = pieces.map(
    ({ at, direction, hex }) =>
      `${new Date(at).toISOString()} ${direction === "sent" ? ">" : "<"} ${hex}`,
  );
  return [`# the line of ${tag}, with all units that share it`, ...lines, ""].join("\n");
}

/** `INV-01-20260621T040000Z.txt`: by when its first bytes went. */
export function traceFile(tag: string, [first]: readonly Piece[]): string {
  const at = new Date(first?.at ?? 0).toISOString().replace(/[-:]|\.\d+/g, "");
  return `${tag}-${at}.txt`;
}
