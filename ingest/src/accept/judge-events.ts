import { type EventTerms, judgeEvent, type KeptEvent } from "@sunledger/model";
import type { Quarantined } from "@sunledger/store";

export type JudgedEvents = {
  readonly events: readonly KeptEvent[];
  readonly quarantined: readonly Quarantined[];
  /** Ids of those: what is quarantined need not come again. */
  readonly refused: readonly string[];
  /** How many seem ahead while the house's clock is doubted: they are to come again. */
  readonly left: number;
  readonly hasUnknownDevice: boolean;
};

/** Judges each event of a message alone, as rows are (D-6). */
export function judgeEvents(
  given: readonly unknown[],
  terms: EventTerms & { readonly isDoubted: () => boolean },
): JudgedEvents {
  const events: KeptEvent[] = [];
  const quarantined: Quarantined[] = [];
  const refused: string[] = [];
  let left = 0;
  for (const one of given) {
    const verdict = judgeEvent(one, terms);
    if (verdict.ok) {
      events.push(verdict.event);
      continue;
    }
    const { code, reason } = verdict;
    if (code === "future" && terms.isDoubted()) {
      left += 1;
      continue;
    }
    quarantined.push({ code, reason, payload: { event: one } });
    const id = (one as { readonly id?: unknown } | null)?.id;
    if (typeof id === "string") refused.push(id);
  }
  const hasUnknownDevice = quarantined.some(({ code }) => code === "unknownDevice");
  return { events, quarantined, refused, left, hasUnknownDevice };
}
