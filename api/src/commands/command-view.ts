import type { CommandState, OrderedCommand } from "@sunledger/model";
import type { KeptCommand } from "@sunledger/store";

/** A command as it is answered; its session is nobody's business. */
export function viewOf(
  { session: _, state, ...command }: KeptCommand,
  now: number,
): OrderedCommand {
  return { ...command, state: stateOf({ ...command, state }, now) };
}

/** One that expired without a word is unanswered, until a late word comes after all. */
function stateOf(
  { state, expiresAt }: Pick<KeptCommand, "state" | "expiresAt">,
  now: number,
): CommandState {
  return state === "sent" && now > expiresAt ? "unanswered" : state;
}
