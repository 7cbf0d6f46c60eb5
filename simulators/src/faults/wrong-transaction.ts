import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { every, isHit, ofDevices } from "./fields.ts";

/** Answers bear the number of another request. */
export const WrongTransaction = z.strictObject({
  kind: z.literal("wrong-transaction"),
  ...ofDevices,
  every,
  /** What is added to the right number. */
  off: z.int().min(-1_000).max(1_000).default(-1),
});

export function wrongTransaction(fault: z.infer<typeof WrongTransaction>): FaultEffect {
  return {
    wire: {
      rewritten(answer, n) {
        if (!isHit(fault, n)) return answer;
        const other = Buffer.from(answer);
        other.writeUInt16BE((answer.readUInt16BE(0) + fault.off) & 0xffff, 0);
        return other;
      },
    },
  };
}
