import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { every, isHit, ofDevices } from "./fields.ts";

/** Requests are refused by an exception: 6, it is busy, unless told otherwise. */
export const ExceptionAnswer = z.strictObject({
  kind: z.literal("exception-answer"),
  ...ofDevices,
  every,
  code: z.int().min(1).max(11).default(6),
});

export function exceptionAnswer(fault: z.infer<typeof ExceptionAnswer>): FaultEffect {
  return { wire: { fate: (n) => (isHit(fault, n) ? fault.code : undefined) } };
}
