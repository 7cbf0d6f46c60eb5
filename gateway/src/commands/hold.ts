import { OrderedBy, Value } from "@sunledger/model";
import * as z from "zod";

const Words = z.array(z.int());

/** A set-point that stands on somebody's order, and what comes back after it. */
export const Hold = z.object({
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
  /** Unix milliseconds; absent when it stands until it is released. */
  revertAt: z.number().optional(),
  /** The device wants to hear it again so often. */
  refreshMs: z.number().optional(),
  /** The device falls back by itself so long after it was last told. */
  fallsBackMs: z.number().optional(),
});
export type Hold = z.infer<typeof Hold>;
