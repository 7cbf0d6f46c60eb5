import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevice, off } from "./fields.ts";

const second = 1_000;

/** A device's clock is set wrong: ahead by so many seconds, or behind. */
export const ClockJump = z.strictObject({
  kind: z.literal("clock-jump"),
  ...ofDevice,
  seconds: off.default(-7_200),
});

export function clockJump({ seconds }: z.infer<typeof ClockJump>): FaultEffect {
  return { clockAheadMs: seconds * second };
}
