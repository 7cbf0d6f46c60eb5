import * as z from "zod";

/** A canonical value as a device's registers hold it; `null` for "not implemented". */
export const ServedValue = z.union([z.number(), z.string(), z.null()]);
export type ServedValue = z.infer<typeof ServedValue>;

/** The functions that read: 3 holding registers, 4 input registers. */
const ReadBy = z.union([z.literal(3), z.literal(4)]);

/** The first line of each run and each file: which points stand where. */
export const LedgerHead = z.object({
  v: z.literal(1),
  plant: z.string(),
  device: z.string(),
  readBy: ReadBy,
  /** Point, address, number of registers; and the function, where it is another than the device's. */
  points: z.array(z.tuple([z.string(), z.int(), z.int()]).rest(ReadBy).readonly()),
});
export type LedgerHead = z.infer<typeof LedgerHead>;

/** A new instant: the values that differ from those before, by place in the head. */
const InstantLine = z.object({ i: z.int(), c: z.array(z.tuple([z.int(), ServedValue])) });

/**
 * A read that was answered from the last instant: when, first register, number of registers; and the
 * function, where it is another than the device's.
 */
const ReadLine = z.object({ r: z.tuple([z.int(), z.int(), z.int()]).rest(ReadBy) });

/**
 * A request that was answered by an exception: when, function, first register, number of registers, exception; and the
 * unit it was for, where nobody is there.
 */
const RefusalLine = z.object({
  x: z.tuple([z.int(), z.int(), z.int(), z.int(), z.int()]).rest(z.int()),
});

/** Words that the device took: when, first register, the words as hexadecimal digits. */
const WriteLine = z.object({ w: z.tuple([z.int(), z.int(), z.string()]) });

/** What became of the answer to a request that did not leave as it should: see `Unserved`. */
const Unserved = z.enum(["broken", "never", "ignored"]);
/**
 * Why a request got no good answer: it left with other bytes or not whole (`broken`), its connection was gone before
 * (`never`), the device gave none (`ignored`).
 */
export type Unserved = z.infer<typeof Unserved>;

/**
 * Such a request: when, function, first register, number of registers, why; and the unit it was for, where nobody is
 * there.
 */
const UnservedLine = z.object({
  u: z.tuple([z.int(), z.int(), z.int(), z.int(), Unserved]).rest(z.int()),
});

export const LedgerLine = z.union([
  InstantLine,
  ReadLine,
  LedgerHead,
  RefusalLine,
  WriteLine,
  UnservedLine,
]);
export type LedgerLine = z.infer<typeof LedgerLine>;
