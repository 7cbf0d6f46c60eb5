import type { CommandDetail } from "@sunledger/model";

/** Whether nothing more is to be waited for. */
export function isOver(command: CommandDetail | undefined): boolean {
  return command !== undefined && !["sent", "accepted", "progress"].includes(command.state);
}
