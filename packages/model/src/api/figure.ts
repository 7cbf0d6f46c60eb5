import * as z from "zod";

/** How many of the devices that a figure rests on have contributed to it. */
export const Coverage = z.object({
  reporting: z.int().nonnegative(),
  total: z.int().nonnegative(),
  /**
   * How many sleep in the dark, as their kind does, and send nothing new: what they add is known all
   * the same. Absent is none; nobody is in both `reporting` and `asleep`.
   */
  asleep: z.int().positive().optional(),
});
export type Coverage = z.infer<typeof Coverage>;

/** Below this share of what a figure rests on it is in doubt (ui.md 6). */
export const certainShare = 0.95;
/** Below this share there is no figure. */
export const leastShare = 0.5;

/** The share of the devices that is known: those that report, and those that sleep. */
export function shareOf({ reporting, total, asleep = 0 }: Coverage): number {
  return total === 0 ? 1 : (reporting + asleep) / total;
}

/**
 * A number over several devices. The value is `null` when there is none to show: the reason says why
 * (`noDevices`, `notYet`: there are devices, and nothing has come of them since the day began, `noData`,
 * `lowCoverage`, `tooDark`, `partOfDay`: of half of the daylight or more nothing is known).
 * With a value the reason says why it is in doubt: `partOfDay`, it leaves out what is not known of the
 * day. An energy is then the least that it was.
 */
export const Figure = z.object({
  value: z.number().nullable(),
  /** The time of the newest input, Unix milliseconds. */
  at: z.int().nullable(),
  coverage: Coverage.nullable(),
  /** Whether a value in it was flagged as suspect or substituted, or too little of its day is known. Absent is not. */
  doubtful: z.literal(true).optional(),
  reason: z
    .enum(["noDevices", "notYet", "noData", "lowCoverage", "tooDark", "partOfDay"])
    .optional(),
});
export type Figure = z.infer<typeof Figure>;
