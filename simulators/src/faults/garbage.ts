import * as z from "zod";
import { chance, seedOf } from "../weather/noise.ts";
import type { FaultEffect } from "./effect.ts";
import { every, isHit, ofDevices } from "./fields.ts";

/** Bytes that mean nothing come before an answer. */
export const Garbage = z.strictObject({
  kind: z.literal("garbage"),
  ...ofDevices,
  every,
  bytes: z.int().min(1).max(4_096).default(6),
});

export function garbage(fault: z.infer<typeof Garbage>): FaultEffect {
  return {
    wire: {
      sent(pieces, n) {
        const [first, ...rest] = pieces;
        if (!first || !isHit(fault, n)) return pieces;
        return [{ ...first, bytes: Buffer.concat([noise(fault, n), first.bytes]) }, ...rest];
      },
    },
  };
}

/** The same before the n-th answer of each connection. */
function noise({ device = "plant", bytes }: z.infer<typeof Garbage>, n: number): Buffer {
  const seed = seedOf("garbage", device, String(n));
  return Buffer.from(Array.from({ length: bytes }, (_, i) => Math.floor(256 * chance(seed, i))));
}
