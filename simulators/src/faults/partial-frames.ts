import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { every, isHit, ofDevices } from "./fields.ts";
import type { Piece } from "./wire-effect.ts";

/** Answers leave in pieces. */
export const PartialFrames = z.strictObject({
  kind: z.literal("partial-frames"),
  ...ofDevices,
  every,
  /** How long a piece is. */
  bytes: z.int().min(1).max(260).default(8),
  /** Between two pieces, real time. */
  pauseMs: z.int().nonnegative().max(600_000).default(20),
  /** What becomes of all behind the first piece: it comes, never comes, or the device has hung up. */
  rest: z.enum(["later", "never", "hung-up"]).default("later"),
});
type PartialFrames = z.infer<typeof PartialFrames>;

export function partialFrames(fault: PartialFrames): FaultEffect {
  return {
    wire: {
      sent: (pieces, n) =>
        isHit(fault, n) ? pieces.flatMap((piece) => inPieces(piece, fault)) : pieces,
    },
  };
}

function inPieces(whole: Piece, { bytes: length, pauseMs, rest }: PartialFrames): Piece[] {
  const { bytes } = whole;
  if (bytes.length <= length) return [whole];
  const first = { bytes: bytes.subarray(0, length), afterMs: whole.afterMs };
  if (rest === "never") return [first];
  if (rest === "hung-up") return [{ ...first, hangUp: true }];
  const others = Array.from({ length: Math.ceil(bytes.length / length) - 1 }, (_, i) => ({
    bytes: bytes.subarray((i + 1) * length, (i + 2) * length),
    afterMs: pauseMs,
  }));
  return [first, ...others];
}
