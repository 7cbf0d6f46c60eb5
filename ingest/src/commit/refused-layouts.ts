import { type Ack, mostRefusedLayouts, type RefusedLayouts } from "@sunledger/model";
import type { Accepted } from "../accept/accept.ts";
import type { AddressedAck } from "./acks.ts";

/**
 * The ack that also names the layouts of its gateway and epoch whose rows went to quarantine in this
 * commit: the gateway is to know what it sends in vain.
 */
export function withRefusedLayouts(
  { gateway, ack }: AddressedAck,
  taken: readonly Accepted[],
): AddressedAck {
  const refused = new Map<string, string>();
  for (const { batch, refusedLayouts } of taken) {
    if (batch.gateway !== gateway || batch.epoch !== ack.epoch) continue;
    for (const [hash, reason] of refusedLayouts) refused.set(hash, reason);
  }
  if (refused.size === 0) return { gateway, ack };
  const said: RefusedLayouts = Object.fromEntries([...refused].slice(0, mostRefusedLayouts));
  return { gateway, ack: { ...ack, refused: said } satisfies Ack };
}
