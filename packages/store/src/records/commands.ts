import type { CommandOrder, CommandResult, OrderedBy } from "@sunledger/model";
import type { NewAuditEntry } from "./audit.ts";

/** What is known of a command by its gateway's answers alone; that none comes is for the clock to say. */
export type CommandProgress = "sent" | Exclude<CommandResult["state"], "revert">;

/** A command as it is kept. */
export type KeptCommand = {
  readonly id: string;
  readonly gateway: string;
  /** The device's id, where it is about a device that is registered. */
  readonly device?: string;
  readonly what: CommandOrder;
  readonly session: string;
  readonly orderedBy: OrderedBy;
  readonly at: number;
  readonly expiresAt: number;
  readonly state: CommandProgress;
  /** The answer that ended it. */
  readonly outcome?: CommandResult;
};

export type NewCommand = Omit<KeptCommand, "state" | "outcome">;

/** One answer, in the order in which they were heard. */
export type KeptAnswer = {
  /** Unix milliseconds by the api's clock. */
  readonly heardAt: number;
  readonly result: CommandResult;
};

/** What was ordered last comes first, whatever its time: two orders may have the same. */
export type CommandQuery = {
  readonly organisation: string;
  readonly gateway?: string;
  readonly device?: string;
  /** Those ordered before that one; none where it is unknown. */
  readonly before?: string;
  readonly most: number;
};

/** What people ordered and what came of it. Every implementation passes `commandsContract`. */
export interface Commands {
  /**
   * Keeps an order; `undefined`. One that is kept already changes nothing, and is told: of two that come at
   * once with one id one alone is kept. Rejects a gateway or device of nobody's. Who ordered it is written
   * down with one that is kept.
   */
  order(
    organisation: string,
    command: NewCommand,
    entry?: NewAuditEntry,
  ): Promise<KeptCommand | undefined>;
  /**
   * Keeps an answer of a gateway to a command of its own. The command's state only goes forward, and
   * the first answer that ends it counts. `undefined` when nothing is new: the gateway was given no such
   * command, the answer is kept already, or it has said too much about this one.
   */
  keepAnswer(
    organisation: string,
    gateway: string,
    answer: KeptAnswer,
  ): Promise<KeptCommand | undefined>;
  one(organisation: string, id: string): Promise<KeptCommand | undefined>;
  answers(organisation: string, id: string): Promise<readonly KeptAnswer[]>;
  list(query: CommandQuery): Promise<readonly KeptCommand[]>;
}

/** Of a gateway that says more about one command only the end is heard, and what became of its set-point. */
export const mostAnswers = 5_000;
/** So many answers more, and nothing is heard any more. */
const mostLastWords = 100;

/** Whether an answer is kept of a command of which so many are kept already. */
export function isHeard(
  { state, answers }: { readonly state: CommandProgress; readonly answers: number },
  answer: CommandResult["state"],
  most: number,
): boolean {
  if (answers < most) return true;
  const isLastWord = answer === "revert" || (isEnd(answer) && !isEnd(state));
  return isLastWord && answers < most + mostLastWords;
}

/** Whether nothing more can come of it. */
export function isEnd(state: CommandResult["state"] | "sent"): boolean {
  return state === "done" || state === "refused" || state === "failed";
}

const order: readonly CommandProgress[] = ["sent", "accepted", "progress", "done"];

/**
 * The state after an answer: never back, and an end is one for good. That a value was brought back
 * later changes nothing about how it was written.
 */
export function stateAfter(
  state: CommandProgress,
  answer: CommandResult["state"],
): CommandProgress {
  if (isEnd(state) || answer === "revert") return state;
  return order.indexOf(answer) > order.indexOf(state) || isEnd(answer) ? answer : state;
}
