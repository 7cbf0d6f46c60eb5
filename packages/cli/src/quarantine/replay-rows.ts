import type { KeptEvent, Layout, QuarantineCode } from "@sunledger/model";
import type { FrameStore, QuarantinedRow, Records, StoredFrame } from "@sunledger/store";
import { messageOf } from "../plain-error.ts";
import { judgeAgain, type SecondVerdict } from "./judge-again.ts";

export type ReplayParts = {
  readonly frames: Pick<FrameStore, "quarantinedRows" | "layout" | "write">;
  readonly records: Pick<Records, "gatewayEntry" | "keepEvents">;
  readonly organisation: string;
  readonly gateway: string;
  /** Rows of this code alone; absent: all but those from the future, which come true by waiting. */
  readonly code?: QuarantineCode | undefined;
  /** The house's time, Unix milliseconds. */
  readonly now: number;
};

/** What became of the rows of one gateway. */
export type RowsOutcome = {
  /** Frames that are stored now. */
  stored: number;
  /** Frames that were there already, with the same values. */
  known: number;
  /** Frames whose place holds other values: kept aside (D-5). */
  conflicts: number;
  /** Events of devices that are kept now. */
  events: number;
  /** Rows that stay in quarantine, by why. */
  readonly stays: Map<string, number>;
};

const rowsAtOnce = 500;

/**
 * Tries each quarantined row of a gateway once more. What is usable now leaves quarantine in the same
 * commit that stores it under its own number, so that it can be interrupted and repeated (D-6). Throws
 * when the store takes nothing.
 */
export async function replayRows(parts: ReplayParts): Promise<RowsOutcome> {
  const { frames, records, organisation, gateway, code, now } = parts;
  const outcome: RowsOutcome = { stored: 0, known: 0, conflicts: 0, events: 0, stays: new Map() };
  const entry = await records.gatewayEntry(gateway);
  const layouts = new Map<string, Layout | undefined>();
  const layoutOf = async (hash: string) => {
    if (!layouts.has(hash)) layouts.set(hash, await frames.layout(hash));
    return layouts.get(hash);
  };
  const known = { devices: entry?.devices ?? new Map<string, string>(), layoutOf, now };

  for (let after: string | undefined; ; ) {
    const page = { organisation, gateway, code, after, most: rowsAtOnce };
    const rows = await frames.quarantinedRows(page);
    after = rows.at(-1)?.id;
    if (after === undefined) return outcome;
    const judged: Judged[] = [];
    for (const row of rows) {
      if (code === undefined && row.code === "future") stay(outcome, row.reason);
      else judged.push({ row, verdict: await judgeAgain(row, known) });
    }
    for (const [, stream] of Map.groupBy(judged, ({ row }) => `${row.epoch}/${row.lane}`)) {
      await release(stream, parts, outcome);
    }
  }
}

type Judged = { readonly row: QuarantinedRow; readonly verdict: SecondVerdict };

/** Of rows of one epoch and lane. */
async function release(judged: readonly Judged[], parts: ReplayParts, outcome: RowsOutcome) {
  const { records, organisation } = parts;
  for (const { verdict } of judged) if (verdict.what === "stays") stay(outcome, verdict.reason);

  const events = judged.flatMap(({ verdict }) => (verdict.what === "event" ? [verdict.event] : []));
  if (events.length > 0) await records.keepEvents(organisation, events satisfies KeptEvent[]);
  const usable = judged.filter(({ verdict }) => verdict.what !== "stays");
  outcome.events += events.length;
  await write(usable, parts, outcome);
}

/** Halves what the store refuses, until the row is found that it will not have. */
async function write(
  judged: readonly Judged[],
  parts: ReplayParts,
  outcome: RowsOutcome,
): Promise<void> {
  const [first] = judged;
  if (!first) return;
  const { organisation, gateway, now } = parts;
  const frames = judged.flatMap(({ verdict }): StoredFrame[] =>
    verdict.what === "frame" ? [verdict.frame] : [],
  );
  const { epoch, lane } = first.row;
  const head = { organisation, gateway, epoch, lane, arrival: now, quarantined: [], gaps: [] };
  try {
    const replayed = judged.map(({ row }) => row.id);
    const [told] = await parts.frames.write([{ ...head, frames, replayed }]);
    outcome.stored += told?.fresh.size ?? 0;
    outcome.known += told?.repeated ?? 0;
    outcome.conflicts += told?.conflicts ?? 0;
  } catch (error) {
    await parts.frames.write([{ ...head, frames: [] }]); // throws when the store takes nothing at all
    if (judged.length === 1) return stay(outcome, `the store refuses it: ${messageOf(error)}`);
    const middle = judged.length >> 1;
    await write(judged.slice(0, middle), parts, outcome);
    await write(judged.slice(middle), parts, outcome);
  }
}

function stay({ stays }: RowsOutcome, reason: string): void {
  stays.set(reason, (stays.get(reason) ?? 0) + 1);
}
