import { ConfiguredExchange } from "@sunledger/model";
import * as z from "zod";

const DecimalText = z.string().regex(/^-?\d+(\.\d+)?$/);

/** A reading that does not go on from the last good one, until it is known what it means. */
const Doubt = z.object({ value: DecimalText, at: z.number() });

/** What is remembered of one counting point between its readings. */
export const CounterMemory = z.object({
  /** When the remembering began, Unix milliseconds. */
  since: z.number(),
  /** The last good value, and its time. */
  last: DecimalText,
  at: z.number(),
  /** The steepest rise so far, in units per millisecond. */
  rate: z.number().optional(),
  doubt: Doubt.optional(),
  /** When a counter of a day, month or year last began anew. */
  dayAt: z.number().optional(),
});
export type CounterMemory = z.infer<typeof CounterMemory>;

/**
 * What a device's counters showed before a silence, and first after it. Another device that is wired in
 * the place of one is polled before anybody tells of the exchange: it came in one of the last silences.
 */
export const Silence = z.object({
  /** When the device was heard again, Unix milliseconds. */
  at: z.number(),
  /** By counter; without `after` until it goes on, and absent once an event has told what became of it. */
  points: z.record(
    z.string(),
    z.object({
      before: DecimalText,
      after: z.object({ value: DecimalText, at: z.number() }).optional(),
    }),
  ),
  /** An event has told of a counter that fell or leapt over it. */
  isTold: z.boolean().optional(),
});
export type Silence = z.infer<typeof Silence>;

/** What a gateway remembers of a device's counters, across reconnects and restarts. */
export const DeviceMemory = z.object({
  serial: z.string().optional(),
  /** The highest power that it ever showed, in W: its nameplate's where it tells that. */
  mostWatts: z.number().optional(),
  points: z.record(z.string(), CounterMemory),
  /** The exchange by which the device came, where it was told of one. */
  exchange: ConfiguredExchange.optional(),
  /** The configuration that told of it may still be rolled back. */
  onTrial: z.boolean().optional(),
  /** All exchanges that were noted, by id: an older configuration that tells of one tells nothing new. */
  exchanged: z.array(z.string()).optional(),
  /** Where the device was read. */
  place: z.string().optional(),
  /** When it was heard last, Unix milliseconds. */
  heardAt: z.number().optional(),
  /** The silences of its last day, the oldest first. */
  silences: z.array(Silence).optional(),
  /** Counters that have not been read yet since another device took the place. */
  orphaned: z.array(z.string()).optional(),
});
export type DeviceMemory = z.infer<typeof DeviceMemory>;
