import type { QuarantinedRow, QuarantineGroup } from "@sunledger/store";
import type { RowsOutcome } from "./replay-rows.ts";
import { wholePayload } from "./whole-payload.ts";

/** What waits in quarantine for one reason, in lines for people. */
export function groupLines(group: QuarantineGroup): string[] {
  const { topic, lane, code, reason, count, firstAt, lastAt } = group;
  const when = firstAt === lastAt ? iso(lastAt) : `${iso(firstAt)} to ${iso(lastAt)}`;
  return [
    `${topic}, lane ${lane}: ${rows(count)}, ${code}`,
    `  ${reason}`,
    `  came ${when}, the newest: ${group.excerpt}`,
  ];
}

/** A row that waits in quarantine, whole, in lines for people. */
export function rowLines(row: QuarantinedRow): string[] {
  const { topic, epoch, lane, sequence, code, reason, payload } = row;
  const whole = wholePayload(payload);
  return [
    `${topic}, lane ${lane}, epoch ${epoch}, ${sequence === undefined ? "no number" : `number ${sequence}`}: ${code}`,
    `  ${reason}`,
    whole === undefined
      ? `  only its beginning was kept: ${JSON.stringify(payload)}`
      : `  ${JSON.stringify(whole)}`,
  ];
}

/** What became of the rows of a gateway, in lines for people; none where there was no row. */
export function replayLines(gateway: string, outcome: RowsOutcome): string[] {
  const { stored, known, conflicts, events, stays } = outcome;
  const left = [...stays.values()].reduce((sum, count) => sum + count, 0);
  if (stored + known + conflicts + events + left === 0) return [];
  const event = events === 1 ? "1 event" : `${events} events`;
  return [
    `${gateway}: ${stored} stored, ${known} already there, ${conflicts} in conflict, ${event} kept; ` +
      `${left} left in quarantine`,
    ...[...stays].map(([reason, count]) => `  ${rows(count)}: ${reason}`),
  ];
}

function rows(count: number): string {
  return count === 1 ? "1 row" : `${count} rows`;
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
