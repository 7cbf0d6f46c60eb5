import { type Account, after, type Gap } from "./account.ts";
import type { Incident } from "./run-schedule.ts";

/**
 * What is not as it has to be after a store was restored (D-15): what a gateway had delivered since the
 * backup comes again from its ring, all of it. Only a full disk makes a gateway give up its ring, and then
 * no more of it than was there before there was room again.
 */
export function judgeRestore(
  before: Pick<Account, "gaps" | "frames">,
  restored: Pick<Account, "gaps" | "frames">,
  incidents: readonly Incident[],
): readonly string[] {
  const lost = restored.gaps.filter((gap) => !before.gaps.some((known) => holds(known, gap)));
  const excused = (gap: Gap) =>
    incidents.some(
      ({ fault, to }) =>
        fault.kind === "diskFull" && fault.target === gap.gateway && gap.to <= to + after,
    );
  const given = restored.gaps.reduce((sum, { frames }) => sum + frames, 0);
  return [
    ...lost
      .filter((gap) => !excused(gap))
      .map((gap) => `${gap.gateway} had nothing more of ${JSON.stringify(gap)} in its ring`),
    ...(restored.frames + given < before.frames
      ? [`${restored.frames} frames and ${given} given up, and before there were ${before.frames}`]
      : []),
  ];
}

function holds(known: Gap, gap: Gap): boolean {
  const isSame = known.gateway === gap.gateway && known.lane === gap.lane;
  return isSame && known.frames >= gap.frames && known.from <= gap.from && known.to >= gap.to;
}
