import * as z from "zod";

/** A stretch of a curve without values, Unix milliseconds, and why there are none. */
export const CurveGap = z.object({
  from: z.int(),
  /** Exclusive. */
  to: z.int(),
  /**
   * `noData`: nothing arrived; `lowCoverage`: fewer than half of the inverters did report;
   * `gatewayOffline`, `unreachable`: the gateway, or the device alone, did not answer; `asleep`: the
   * devices slept, as their kind does in the dark. Of a gap that is over this is worked out from what
   * the other devices of the gateway sent meanwhile, and from what the gateway said of their sleep.
   */
  reason: z.enum(["noData", "lowCoverage", "gatewayOffline", "unreachable", "asleep"]),
});
export type CurveGap = z.infer<typeof CurveGap>;
