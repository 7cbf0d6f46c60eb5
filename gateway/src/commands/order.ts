import type { Command, CommandOrder, CommandResult } from "@sunledger/model";

type Kind = CommandOrder["kind"];
/** An order of one kind. */
export type OrderOf<K extends Kind> = Extract<CommandOrder, { readonly kind: K }>;

type StateOf<S extends CommandResult["state"]> = Extract<CommandResult, { readonly state: S }>;
type Told = "v" | "id" | "at" | "state";

/** What an obeyed order ends with. */
export type Outcome = Omit<StateOf<"done">, Told>;
export type Progress = Omit<StateOf<"progress">, Told>;

/** A command in hand. */
export type InHand = {
  readonly id: string;
  readonly by: Command["orderedBy"];
  /** Nothing refuses it any more: it is tried from now on. Called before anything is changed. */
  readonly accepted: () => void;
  readonly progress: (progress: Progress) => void;
  /** Aborted when it is cancelled or the gateway stops. */
  readonly signal: AbortSignal;
  /** Throws a `Refusal` when it expired while it waited for its turn. */
  readonly stillCounts: () => void;
};
