import { OrderedBy, Value } from "@sunledger/model";
import * as z from "zod";

const Words = z.array(z.int());

/** What is left of a time. */
const TimeLeft = z.object({
  ms: z.number(),
  /** When that was so, Unix milliseconds; absent where no clock that was kept right has told. */
  at: z.number().optional(),
});
export type TimeLeft = z.infer<typeof TimeLeft>;

const Standing = z.object({
  device: z.string(),
  point: z.string(),
  /** Where it was written: elsewhere nothing is brought back. */
  url: z.string(),
  command: z.uuid(),
  by: OrderedBy,
  /** What was written last. */
  words: Words,
  value: Value,
  /** What it held before the first order that still stands; absent where that cannot be read. */
  previous: z.object({ words: Words, value: Value }).optional(),
  /** What was switched on for it, and what stood there before: switched back before the rest. */
  switch: z
    .object({
      point: z.string(),
      words: Words,
      value: z.number(),
      previous: z.object({ words: Words, value: Value }),
    })
    .optional(),
  /** Until then by the gateway's clock when it was ordered, Unix milliseconds; absent when it stands until it is released. */
  revertAt: z.number().optional(),
  /** What is left until then, whatever the clock has been set to since. */
  left: TimeLeft.optional(),
  /** The device wants to hear it again so often. */
  refreshMs: z.number().optional(),
  /** The device falls back by itself so long after it was last told. */
  fallsBackMs: z.number().optional(),
});

/** A set-point that stands on somebody's order, and what comes back after it. */
export const Hold = Standing.extend({
  /** The order without an end that it interrupts: that one stands again when its time is over. */
  beneath: Standing.optional(),
});
export type Hold = z.infer<typeof Hold>;

/** The hold as its time ends: what comes back is the order that it interrupted, if there is one. */
export function interruption({ beneath, ...hold }: Hold): Hold {
  if (!beneath) return hold;
  const { switch: switched, previous, ...rest } = hold;
  return {
    ...rest,
    ...(previous && { previous: { words: beneath.words, value: beneath.value } }),
    ...(switched && !beneath.switch && { switch: switched }),
  };
}
