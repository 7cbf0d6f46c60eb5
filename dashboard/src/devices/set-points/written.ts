import type { CommandDetail, OrderedCommand } from "@sunledger/model";

/** When the value from before comes back by itself, and whether it has. */
export function revertOf(
  { outcome }: Pick<OrderedCommand, "outcome">,
  answers: CommandDetail["answers"],
): { readonly at: number | undefined; readonly ended: string | undefined } {
  const written = outcome?.state === "done" ? outcome.written : undefined;
  const last = answers.map(({ result }) => result).findLast(({ state }) => state === "revert");
  return {
    at: written?.revertAt,
    ended: last?.state === "revert" ? last.outcome : undefined,
  };
}
