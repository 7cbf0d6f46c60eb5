import type { CommandDetail, OrderedCommand } from "@sunledger/model";

type Order = Pick<OrderedCommand, "at" | "what"> & {
  readonly outcome?: OrderedCommand["outcome"] | undefined;
};

/**
 * When the value from before comes back by itself, and whether it has: by its gateway's word, or by
 * one of the `others` that were ordered, which took it back or wrote what holds since (`replaced`).
 */
export function revertOf(
  { at, what, outcome }: Order,
  answers: CommandDetail["answers"],
  others: readonly Order[] = [],
): { readonly at: number | undefined; readonly ended: string | undefined } {
  const written = outcome?.state === "done" ? outcome.written : undefined;
  const last = answers.map(({ result }) => result).findLast(({ state }) => state === "revert");
  const ended = last?.state === "revert" ? last.outcome : undefined;
  const since = others.filter(
    (other) =>
      (other.what.kind === "release" || other.what.kind === "set") &&
      what.kind === "set" &&
      other.what.point === what.point &&
      other.at >= at &&
      other.outcome?.state === "done",
  );
  const isTakenBack = since.some((other) => other.what.kind === "release");
  const isReplaced = since.some((other) => other.what.kind === "set" && other.at > at);
  const byOrder = isTakenBack ? "done" : isReplaced ? "replaced" : undefined;
  const isOpen = ended === undefined || ended === "waiting";
  return { at: written?.revertAt, ended: isOpen ? (byOrder ?? ended) : ended };
}
