import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { span } from "./fields.ts";

const phases = ["a", "b", "c"] as const;

/** A phase of the grid is gone: three-phase inverters stop. */
export const PhaseLoss = z.strictObject({
  kind: z.literal("phase-loss"),
  ...span,
  phase: z.enum(phases).default("b"),
});

export function phaseLoss({ phase }: z.infer<typeof PhaseLoss>): FaultEffect {
  // What is left comes over the windings of other people's machines.
  const left = (name: (typeof phases)[number]) => (name === phase ? 0.04 : 1);
  return {
    phases: [left("a"), left("b"), left("c")],
    stopped: true,
    trouble: "under-voltage",
  };
}
