import {
  ClockState,
  Flag,
  judgeEvent,
  judgeRow,
  type KeptEvent,
  type Layout,
  LayoutHash,
  Value,
} from "@sunledger/model";
import type { QuarantinedRow, StoredFrame } from "@sunledger/store";
import * as z from "zod";
import { wholePayload } from "./whole-payload.ts";

/** What is known today of what a quarantined row speaks of. */
export type Knowledge = {
  /** The devices of its gateway's plant: tag to id. */
  readonly devices: ReadonlyMap<string, string>;
  layoutOf(hash: string): Promise<Layout | undefined>;
  /** The house's time, Unix milliseconds. */
  readonly now: number;
};

export type SecondVerdict =
  | { readonly what: "frame"; readonly frame: StoredFrame }
  | { readonly what: "event"; readonly event: KeptEvent }
  /** Why it stays where it is. */
  | { readonly what: "stays"; readonly reason: string };

const RowPayload = z.object({ layout: LayoutHash, row: z.unknown() });
const EventPayload = z.object({ event: z.unknown() });
/** What a store refused was a frame already, of which nothing else was wrong. */
const FramePayload = z.object({
  device: z.uuid(),
  sequence: z.int().positive(),
  layout: LayoutHash,
  at: z.int(),
  clock: ClockState,
  values: z.array(Value),
  quality: z.record(z.string(), Flag).optional(),
});

const stays = (reason: string): SecondVerdict => ({ what: "stays", reason });

/** Judges a quarantined row anew, by what is known today: by the same rules as at its arrival (D-6). */
export async function judgeAgain(
  { code, lane, payload: asKept, sequence }: QuarantinedRow,
  { devices, layoutOf, now }: Knowledge,
): Promise<SecondVerdict> {
  const payload = wholePayload(asKept);
  if (payload === undefined) return stays("only its beginning was kept");
  if (code === "numberTaken") return stays("its gateway sends it again under another number");

  const told = EventPayload.safeParse(payload);
  if (told.success) {
    const verdict = judgeEvent(told.data.event, { devices, now });
    return verdict.ok ? { what: "event", event: verdict.event } : stays(verdict.reason);
  }
  // What no number settled is still in its gateway's outbox.
  if (sequence === undefined) return stays("it settled nothing: its gateway sends it again");

  const kept = FramePayload.safeParse(payload);
  if (kept.success) {
    const { quality, ...frame } = kept.data;
    if (!(await layoutOf(frame.layout))) return stays(`layout ${frame.layout} is unknown`);
    return { what: "frame", frame: quality ? { ...frame, quality } : frame };
  }
  const sent = RowPayload.safeParse(payload);
  if (!sent.success) return stays("it is kept in a form that cannot be read");
  const { layout: hash, row } = sent.data;
  const layout = await layoutOf(hash);
  if (!layout) return stays(`layout ${hash} is unknown`);
  const verdict = judgeRow(row, { hash, layout, lane, devices, now });
  if (!verdict.ok) return stays(verdict.reason);
  return { what: "frame", frame: { ...verdict.frame, device: verdict.device } };
}
