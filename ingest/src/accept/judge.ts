import { createHash } from "node:crypto";
import {
  type FramesMessage,
  type GivenUp,
  type KeptEvent,
  type Layout,
  mostAheadMs,
  parseRow,
  type QuarantineCode,
  type RowResult,
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

export type Judged = {
  readonly batch: FrameBatch;
  readonly events: readonly KeptEvent[];
  /** Ids of events that are quarantined. */
  readonly refused: readonly string[];
  /** Layouts that are not known yet, and how many rows wait for each: those stay unsettled. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Whether a row names a device that the sender's plant does not have. */
  readonly hasUnknownDevice: boolean;
};

/** The epoch of what cannot be read so far as to tell its own. */
export const noEpoch = "00000000-0000-0000-0000-000000000000";

/**
 * Judges each row of a message alone: it becomes a frame, is quarantined with its reason, or waits
 * for its layout, exactly one of the three (D-6).
 */
export function judge(
  message: FramesMessage,
  sender: Sender,
  layoutOf: (hash: string) => Layout | undefined,
  now: number,
): Judged {
  const frames: StoredFrame[] = [];
  const quarantined: Quarantined[] = [];
  const waiting = new Map<string, number>();
  const told = judgeEvents(message.events ?? [], sender.devices, now + mostAheadMs);
  let { hasUnknownDevice } = told;

  for (const { layout: hash, rows } of message.groups) {
    const layout = layoutOf(hash);
    if (!layout) {
      if (rows.length > 0) waiting.set(hash, (waiting.get(hash) ?? 0) + rows.length);
      continue;
    }
    for (const row of rows) {
      const { device, verdict } = judgeRow(row, hash, layout, { message, sender, now });
      if (!verdict.ok) {
        quarantined.push({ ...without(verdict), payload: { layout: hash, row } });
        hasUnknownDevice ||= device === "unknown";
      } else frames.push({ ...verdict.frame, device });
    }
  }
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
  return { batch, events: told.events, refused: told.refused, waiting, hasUnknownDevice };
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

type Circumstances = {
  readonly message: FramesMessage;
  readonly sender: Sender;
  readonly now: number;
};

type Verdict =
  | Extract<RowResult, { ok: true }>
  | (Extract<RowResult, { ok: false }> & { readonly code: QuarantineCode });

/** The verdict, and the device's id where it is known. */
function judgeRow(
  row: unknown,
  hash: string,
  layout: Layout,
  { message, sender, now }: Circumstances,
): { readonly device: string; readonly verdict: Verdict } {
  const verdict = parseRow(row, hash, layout);
  if (!verdict.ok) return { device: "", verdict: { ...verdict, code: "malformed" } };
  const { frame } = verdict;
  const refuse = (code: QuarantineCode, reason: string): Verdict => {
    return { ok: false, code, reason, sequence: frame.sequence };
  };

  if (layout.lane !== message.lane) {
    return { device: "", verdict: refuse("wrongLane", `layout ${hash} is of lane ${layout.lane}`) };
  }
  const device = sender.devices.get(frame.device);
  if (device === undefined) {
    return {
      device: "unknown",
      verdict: refuse("unknownDevice", `unknown device ${frame.device}`),
    };
  }
  if (frame.at - now > mostAheadMs) {
    return { device, verdict: refuse("future", "more than 10 minutes in the future") };
  }
  return { device, verdict };
}

function without({ code, reason, sequence }: Extract<Verdict, { ok: false }>) {
  return sequence === undefined ? { code, reason } : { code, reason, sequence };
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
