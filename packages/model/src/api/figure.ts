import * as z from "zod";

/** How many of the devices that a figure rests on have contributed to it. */
export const Coverage = z.object({
  reporting: z.int().nonnegative(),
  total: z.int().nonnegative(),
});
export type Coverage = z.infer<typeof Coverage>;

/**
 * A number over several devices. The value is `null` when there is none to show: the reason says why
 * (`noDevices`, `noData`, `lowCoverage`, `tooDark`).
 */
export const Figure = z.object({
  value: z.number().nullable(),
  /** The time of the newest input, Unix milliseconds. */
  at: z.int().nullable(),
  coverage: Coverage.nullable(),
  reason: z.enum(["noDevices", "noData", "lowCoverage", "tooDark"]).optional(),
});
export type Figure = z.infer<typeof Figure>;
