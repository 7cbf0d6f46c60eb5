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

/**
 * A number over several devices. The value is `null` when there is none to show: the reason says why
 * (`noDevices`, `notYet`: there are devices, and nothing has come of them since the day began, `noData`, `lowCoverage`, `tooDark`).
 */
export const Figure = z.object({
  value: z.number().nullable(),
  /** The time of the newest input, Unix milliseconds. */
  at: z.int().nullable(),
  coverage: Coverage.nullable(),
  /** Whether a value in it was flagged as suspect or substituted. Absent is not. */
  doubtful: z.literal(true).optional(),
  reason: z.enum(["noDevices", "notYet", "noData", "lowCoverage", "tooDark"]).optional(),
});
export type Figure = z.infer<typeof Figure>;
