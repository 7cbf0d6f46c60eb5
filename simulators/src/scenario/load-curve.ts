import * as z from "zod";

const Watts = z.number().nonnegative();

/** A works in two shifts, six days a week. */
const TwoShiftLoad = z.strictObject({
  curve: z.literal("two-shift").default("two-shift"),
  /** Always there. */
  baseW: Watts,
  /** In addition during shifts. */
  shiftW: Watts,
});
export type TwoShiftLoad = z.infer<typeof TwoShiftLoad>;

/** An office, five days a week. */
const OfficeLoad = z.strictObject({
  curve: z.literal("office"),
  baseW: Watts,
  /** People, light and machines while somebody works. */
  workW: Watts,
  /** The most that cooling and heating take: by the temperature outside. */
  climateW: Watts.default(0),
});
export type OfficeLoad = z.infer<typeof OfficeLoad>;

/** Homes: a peak in the morning, a larger one in the evening, people at home on free days. */
const ResidentialLoad = z.strictObject({
  curve: z.literal("residential"),
  baseW: Watts,
  /** In addition at the height of the evening. */
  eveningW: Watts,
  climateW: Watts.default(0),
});
export type ResidentialLoad = z.infer<typeof ResidentialLoad>;

/** What is drawn behind the plant's meter; without a `curve` it is a works in two shifts. */
export const LoadCurve = z.union([TwoShiftLoad, OfficeLoad, ResidentialLoad], {
  error:
    "is none of the curves two-shift (baseW, shiftW), office (baseW, workW, climateW) and residential " +
    "(baseW, eveningW, climateW), each with watts from 0 on and with nothing else",
});
export type LoadCurve = z.infer<typeof LoadCurve>;
