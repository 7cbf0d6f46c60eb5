import { DeviceTag } from "@sunledger/model";
import * as z from "zod";
import type { FaultEffect } from "./effect.ts";
import { span } from "./fields.ts";

/** A device, or all of a plant, answers nobody and works on. */
export const CommsLoss = z.strictObject({
  kind: z.literal("comms-loss"),
  device: DeviceTag.optional(),
  ...span,
});

export function commsLoss(): FaultEffect {
  return { silent: true };
}
