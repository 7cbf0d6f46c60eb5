import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { every, isHit, ofDevices } from "./fields.ts";

/** Answers come late. */
export const SlowAnswer = z.strictObject({
  kind: z.literal("slow-answer"),
  ...ofDevices,
  every,
  /** Real time. */
  delayMs: z.int().positive().max(600_000).default(2_500),
});

export function slowAnswer(fault: z.infer<typeof SlowAnswer>): FaultEffect {
  const { delayMs } = fault;
  return {
    wire: {
      sent(pieces, n) {
        const [first, ...rest] = pieces;
        if (!first || !isHit(fault, n)) return pieces;
        return [{ ...first, afterMs: first.afterMs + delayMs }, ...rest];
      },
    },
  };
}
