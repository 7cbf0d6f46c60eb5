import * as z from "zod";
import { mostEvents } from "./device-event.ts";
import { Lane } from "./frame.ts";
import { LayoutHash } from "./layout.ts";
import { type Ranges, rangesOf, watermarkOf } from "./ranges.ts";

/** At most this many ranges beyond the watermark travel in one ack (D-2). */
export const mostAckRanges = 32;

/** At most so many refused layouts are named in one ack, and in a status. */
export const mostRefusedLayouts = 32;

/** Why a layout cannot be used, by its hash, in English. */
export const RefusedLayouts = z.record(LayoutHash, z.string().max(300));
export type RefusedLayouts = z.infer<typeof RefusedLayouts>;

const LaneAck = z.object({
  /** Everything up to here is settled. */
  upTo: z.int().nonnegative(),
  /** Settled beyond `upTo`, ordered and disjoint. */
  ranges: z.array(z.tuple([z.int().positive(), z.int().positive()])).max(mostAckRanges),
});

/** What ingest answers after the store's commit: the only word that counts (D-2, D-15). */
export const Ack = z.object({
  /** The incarnation of the frame store. */
  store: z.string().min(1),
  epoch: z.uuid(),
  /** When it was said by the platform's clock, Unix milliseconds (D-14). */
  at: z.int().optional(),
  lanes: z.partialRecord(Lane, LaneAck),
  /** Ids of events that are kept: they need not be sent again. */
  events: z.array(z.string()).max(mostEvents).optional(),
  /** Resend from here at once: ingest has just started, or has found a hole. */
  reset: z.boolean().optional(),
  /** The numbers of this epoch are taken by other frames: begin a new one. */
  newEpoch: z.boolean().optional(),
  /** Layouts that cannot be used: the rows of them that came are settled, and in quarantine (D-6). */
  refused: RefusedLayouts.optional(),
});
export type Ack = z.infer<typeof Ack>;

export function laneAckOf(settled: Ranges): z.infer<typeof LaneAck> {
  const upTo = watermarkOf(settled);
  const beyond = settled.filter(([from]) => from > upTo).slice(0, mostAckRanges);
  return { upTo, ranges: beyond.map(([from, to]) => [from, to]) };
}

/** The settled numbers an ack speaks of. */
export function settledBy({ upTo, ranges }: z.infer<typeof LaneAck>): Ranges {
  return rangesOf(upTo > 0 ? [[1, upTo], ...ranges] : ranges);
}
