import { type Ack, type Lane, laneAckOf, type Ranges } from "@sunledger/model";
import { noEpoch } from "../accept/judge.ts";
import type { Written } from "./write-around.ts";

export type AddressedAck = { readonly gateway: string; readonly ack: Ack };

/** What to tell each gateway and epoch after a commit, both lanes in one ack (D-2). */
export function acksOf(
  written: readonly Written[],
  store: string,
  needsReset: (gateway: string, epoch: string) => boolean,
): AddressedAck[] {
  const acks = new Map<string, AddressedAck>();
  for (const { batch, outcome } of written) {
    const { gateway, epoch, lane } = batch;
    if (epoch === noEpoch) continue;
    const key = `${gateway}/${epoch}`;
    const before = acks.get(key)?.ack;
    const reset = before?.reset ?? needsReset(gateway, epoch);
    const newEpoch = before?.newEpoch || outcome.newEpoch;
    const ack: Ack = {
      store,
      epoch,
      lanes: { ...before?.lanes, [lane]: laneAckOf(outcome.settled) },
      ...(reset && { reset }),
      ...(newEpoch && { newEpoch }),
    };
    acks.set(key, { gateway, ack });
  }
  return [...acks.values()];
}

type SettledLane = { readonly epoch: string; readonly lane: Lane; readonly settled: Ranges };

/** The ack that makes a gateway resend at once what the store does not have of that epoch. */
export function resetAck(epoch: string, settled: readonly SettledLane[], store: string): Ack {
  const nothing = { upTo: 0, ranges: [] };
  const own = settled.filter((lane) => lane.epoch === epoch);
  const known = Object.fromEntries(own.map(({ lane, settled }) => [lane, laneAckOf(settled)]));
  return { store, epoch, lanes: { counters: nothing, values: nothing, ...known }, reset: true };
}
