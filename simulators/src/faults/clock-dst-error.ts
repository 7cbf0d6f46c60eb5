import { zoneOffset } from "@sunledger/model/performance";
import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevice } from "./fields.ts";

/**
 * Nobody puts a device's clock forward or back: it goes on as the zone's clocks went when the fault began, and is
 * an hour off once they have been changed.
 */
export const ClockDstError = z.strictObject({ kind: z.literal("clock-dst-error"), ...ofDevice });

export function clockDstError(
  { start }: z.infer<typeof ClockDstError>,
  { at, timeZone }: FaultMoment,
): FaultEffect {
  return { clockAheadMs: zoneOffset(start, timeZone) - zoneOffset(at, timeZone) };
}
