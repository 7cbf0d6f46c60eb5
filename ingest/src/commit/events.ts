import { type Ack, mostEvents } from "@sunledger/model";
import type { Scope } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { Accepted } from "../accept/accept.ts";
import type { AddressedAck } from "./acks.ts";

/** Keeps the events of a commit; answers the ids that may be acknowledged, by gateway and epoch. */
export type KeepEvents = (
  taken: readonly Accepted[],
) => Promise<ReadonlyMap<string, readonly string[]>>;

/**
 * Events go to the records. While those are away frames are stored all the same, and the events
 * come again: nothing acknowledges them.
 */
export function keepingEvents(records: Pick<Records, "keepEvents">, log: Scope["log"]): KeepEvents {
  const keepOf = async ({ sender, events, refused }: Accepted): Promise<readonly string[]> => {
    try {
      if (events.length > 0) await records.keepEvents(sender.organisation, events);
      return [...refused, ...events.map(({ id }) => id)];
    } catch (err) {
      log.warn({ gateway: sender.id, err }, "events not kept, they will come again");
      return refused;
    }
  };

  return async (taken) => {
    const ids = new Map<string, readonly string[]>();
    for (const accepted of taken) {
      if (accepted.events.length + accepted.refused.length === 0) continue;
      const key = keyOf(accepted.batch);
      ids.set(key, [...(ids.get(key) ?? []), ...(await keepOf(accepted))]);
    }
    return ids;
  };
}

/** The ack that also speaks of the events of its gateway and epoch. */
export function withEvents(
  { gateway, ack }: AddressedAck,
  ids: ReadonlyMap<string, readonly string[]>,
): Ack {
  const own = ids.get(keyOf({ gateway, epoch: ack.epoch })) ?? [];
  return own.length > 0 ? { ...ack, events: own.slice(0, mostEvents) } : ack;
}

function keyOf({ gateway, epoch }: { readonly gateway: string; readonly epoch: string }): string {
  return `${gateway}/${epoch}`;
}
