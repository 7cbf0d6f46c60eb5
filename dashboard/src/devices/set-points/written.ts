import type { CommandDetail, OrderedCommand } from "@sunledger/model";

type Order = Pick<OrderedCommand, "at" | "what"> & {
  readonly outcome?: OrderedCommand["outcome"] | undefined;
};

/**
 * When the value from before comes back by itself, and whether it has: by its gateway's word, or by
 * one of the `others` that were ordered, which took it back.
 */
export function revertOf(
  { at, what, outcome }: Order,
  answers: CommandDetail["answers"],
  others: readonly Order[] = [],
): { readonly at: number | undefined; readonly ended: string | undefined } {
  const written = outcome?.state === "done" ? outcome.written : undefined;
  const last = answers.map(({ result }) => result).findLast(({ state }) => state === "revert");
  const ended = last?.state === "revert" ? last.outcome : undefined;
  const isTakenBack = others.some(
    (other) =>
      other.what.kind === "release" &&
      what.kind === "set" &&
      other.what.point === what.point &&
      other.at >= at &&
      other.outcome?.state === "done",
  );
  const isOpen = ended === undefined || ended === "waiting";
  return { at: written?.revertAt, ended: isOpen && isTakenBack ? "done" : ended };
}
