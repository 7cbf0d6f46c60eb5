import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { ofDevices } from "./fields.ts";

/** Answers wait for one another and leave in one piece. */
export const MergedFrames = z.strictObject({
  kind: z.literal("merged-frames"),
  ...ofDevices,
  /** How long the first of them waits for others, real time. */
  withinMs: z.int().positive().max(600_000).default(100),
});

export function mergedFrames({ withinMs }: z.infer<typeof MergedFrames>): FaultEffect {
  return { wire: { gatherMs: withinMs } };
}
