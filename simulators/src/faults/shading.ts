import * as z from "zod";
import type { FaultEffect, FaultMoment } from "./effect.ts";
import { ofDevice, share, strings } from "./fields.ts";

/** Something stands between strings and the sun where it is in a part of the sky. */
export const Shading = z.strictObject({
  kind: z.literal("shading"),
  ...ofDevice,
  strings,
  /** Clockwise from north, degrees; the part of the sky reaches clockwise from one to the other, over north too. */
  fromAzimuth: z.number().min(0).max(360),
  toAzimuth: z.number().min(0).max(360),
  /** It does not reach higher than that. */
  belowElevation: z.number().min(0).max(90),
  lost: share.default(0.6),
});

export function shading(fault: z.infer<typeof Shading>, { sun }: FaultMoment): FaultEffect {
  const { strings: numbers, fromAzimuth, toAzimuth, belowElevation, lost } = fault;
  const behind =
    sun !== undefined &&
    90 - sun.zenith < belowElevation &&
    isBetween(sun.azimuth, fromAzimuth, toAzimuth);
  return behind ? { strings: { numbers, kept: 1 - lost } } : {};
}

function isBetween(azimuth: number, from: number, to: number): boolean {
  return from <= to ? azimuth >= from && azimuth <= to : azimuth >= from || azimuth <= to;
}
