import type { DeviceReach } from "@sunledger/model";
import * as z from "zod";
import type { Happening } from "./counters/counter-guard.ts";

/** What must be known of a device's sleep after a restart. */
export const SleepMemory = z.object({ asleep: z.boolean() });
export type SleepMemory = z.infer<typeof SleepMemory>;

export type SleepNotesParts = {
  /** What is remembered of a device, also from an earlier life. */
  readonly memory: (tag: string) => unknown;
  /** Keeps both in one commit. */
  readonly note: (tag: string, happenings: readonly Happening[], memory: SleepMemory) => void;
};

/**
 * Tells when a device falls asleep and when its sleep is over, by its reach: once each, across
 * restarts. Long after, that explains why nothing came meanwhile.
 */
export function sleepNotes({ memory, note }: SleepNotesParts) {
  return (tag: string, { state, since }: DeviceReach): void => {
    if (state === "connecting") return;
    const asleep = state === "asleep";
    const wasAsleep = SleepMemory.safeParse(memory(tag)).data?.asleep ?? false;
    if (asleep === wasAsleep) return;
    const kind = asleep ? "asleep" : "awake";
    const before = wasAsleep ? "asleep" : "awake";
    note(tag, [{ point: "state.sleep", kind, at: since, before, after: kind }], { asleep });
  };
}
