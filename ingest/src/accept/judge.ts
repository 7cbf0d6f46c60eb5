import { createHash } from "node:crypto";
import {
  type FramesMessage,
  type GivenUp,
  judgeRow,
  type KeptEvent,
  type Layout,
  type RowTerms,
  sequenceOfRow,
} from "@sunledger/model";
import type { FrameBatch, Quarantined, StoredFrame } from "@sunledger/store";
import { judgeEvents } from "./judge-events.ts";

/** The gateway that a message came from, and whom it may speak for. */
export type Sender = {
  readonly id: string;
  readonly organisation: string;
  readonly plant: string;
  /** The devices of its plant, by tag. */
  readonly devices: ReadonlyMap<string, string>;
};

/** The house's time, and whether to doubt it rather than what is ahead of it. */
export type JudgedBy = { readonly now: number; readonly isDoubted: () => boolean };

export type Judged = {
  readonly batch: FrameBatch;
  readonly events: readonly KeptEvent[];
  /** Ids of events that are quarantined. */
  readonly refused: readonly string[];
  /** Layouts that are not known yet, and how many rows wait for each: those stay unsettled. */
  readonly waiting: ReadonlyMap<string, number>;
  /** How many rows and events seem ahead while the house's clock is doubted: those stay unsettled. */
  readonly left: number;
  /** Layouts of quarantined rows that cannot be used, and why. */
  readonly refusedLayouts: ReadonlyMap<string, string>;
  /** Whether a row names a device that the sender's plant does not have. */
  readonly hasUnknownDevice: boolean;
};

/** What is known of the layouts that a gateway names. */
export type LayoutWord = {
  of(hash: string): Layout | undefined;
  /** Why its announcement cannot be used, where that is so. */
  refusalOf(hash: string): string | undefined;
};

/** The epoch of what cannot be read so far as to tell its own. */
export const noEpoch = "00000000-0000-0000-0000-000000000000";

/**
 * Judges each row of a message alone: it becomes a frame, is quarantined with its reason, waits for its
 * layout, or is left with its gateway while nobody knows the time, exactly one of the four (D-6, D-14).
 */
export function judge(
  message: FramesMessage,
  sender: Sender,
  layouts: LayoutWord,
  { now, isDoubted }: JudgedBy,
): Judged {
  const { devices } = sender;
  let doubt: boolean | undefined;
  const time = { now, isDoubted: () => (doubt ??= isDoubted()) };
  const told = judgeEvents(message.events ?? [], { devices, ...time });
  const terms = { lane: message.lane, devices, ...time };
  const judged = judgeGroups(message, layouts, terms);
  const { frames, quarantined, waiting, refusedLayouts } = judged;
  const { gaps, crooked } = judgeGaps(message.gaps ?? []);
  const batch: FrameBatch = {
    organisation: sender.organisation,
    gateway: sender.id,
    epoch: message.epoch,
    lane: message.lane,
    arrival: now,
    frames,
    quarantined: [...quarantined, ...crooked, ...told.quarantined],
    gaps,
  };
  const { events, refused } = told;
  const hasUnknownDevice =
    told.hasUnknownDevice || quarantined.some(({ code }) => code === "unknownDevice");
  const left = judged.left + told.left;
  return { batch, events, refused, waiting, left, refusedLayouts, hasUnknownDevice };
}

function judgeGroups(
  { groups }: FramesMessage,
  layouts: LayoutWord,
  terms: Omit<RowTerms, "hash" | "layout"> & JudgedBy,
) {
  let left = 0;
  const frames: StoredFrame[] = [];
  const quarantined: Quarantined[] = [];
  const waiting = new Map<string, number>();
  const refusedLayouts = new Map<string, string>();
  for (const { layout: hash, rows } of groups) {
    if (rows.length === 0) continue;
    const layout = layouts.of(hash);
    const refusal = layouts.refusalOf(hash);
    if (layout) {
      const judged = judgeRows(rows, { ...terms, hash, layout });
      frames.push(...judged.frames);
      quarantined.push(...judged.quarantined);
      left += judged.left;
    } else if (refusal !== undefined) {
      refusedLayouts.set(hash, refusal);
      quarantined.push(...rows.map((row) => unusable(row, hash, refusal)));
    } else waiting.set(hash, (waiting.get(hash) ?? 0) + rows.length);
  }
  return { frames, quarantined, waiting, left, refusedLayouts };
}

function judgeRows(rows: readonly unknown[], terms: RowTerms & JudgedBy) {
  const frames: StoredFrame[] = [];
  const quarantined: Quarantined[] = [];
  let left = 0;
  for (const row of rows) {
    const verdict = judgeRow(row, terms);
    if (verdict.ok) frames.push({ ...verdict.frame, device: verdict.device });
    else if (verdict.code === "future" && terms.isDoubted()) left += 1;
    else {
      const { ok: _, ...why } = verdict;
      quarantined.push({ ...why, payload: { layout: terms.hash, row } });
    }
  }
  return { frames, quarantined, left };
}

/** A row whose layout cannot be used: nothing but its number can be told. */
function unusable(row: unknown, hash: string, refusal: string): Quarantined {
  const sequence = sequenceOfRow(row);
  return {
    ...(sequence !== undefined && { sequence }),
    code: "refusedLayout",
    reason: `layout ${hash} cannot be used: ${refusal}`.slice(0, 300),
    payload: { layout: hash, row },
  };
}

/** A message whose head cannot be read: kept whole, named by its hash, settling nothing (D-6). */
export function unreadableBatch(
  payload: Uint8Array,
  reason: string,
  sender: Sender,
  now: number,
): FrameBatch {
  const sha256 = createHash("sha256").update(payload).digest("hex");
  const base64 = Buffer.from(payload).toString("base64");
  return {
    organisation: sender.organisation,
    gateway: sender.id,
    epoch: noEpoch,
    lane: "values",
    arrival: now,
    frames: [],
    quarantined: [{ code: "unreadable", reason, payload: { sha256, base64 } }],
    gaps: [],
  };
}

/** Why what somebody sent cannot be used, under a number that was given to it here. */
export type Refusal = {
  readonly epoch: string;
  readonly sequence: number;
  readonly reason: string;
  readonly payload: unknown;
};

/** What was sent, in quarantine and settled under its number. */
export function refusedBatch(
  { epoch, sequence, reason, payload }: Refusal,
  { organisation, id }: Sender,
  now: number,
): FrameBatch {
  return {
    ...{ organisation, gateway: id, epoch, lane: "values", arrival: now },
    ...{ frames: [], gaps: [] },
    quarantined: [{ sequence, code: "malformed", reason: reason.slice(0, 300), payload }],
  };
}

function judgeGaps(all: readonly GivenUp[]) {
  const isStraight = ({ from, to, fromAt, toAt }: GivenUp) => from <= to && fromAt <= toAt;
  const crooked = all
    .filter((gap) => !isStraight(gap))
    .map((gap): Quarantined => {
      return { code: "crookedGap", reason: "a gap ends before it begins", payload: { gap } };
    });
  return { gaps: all.filter(isStraight), crooked };
}
