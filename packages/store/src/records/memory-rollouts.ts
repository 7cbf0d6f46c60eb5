import type { Rollout } from "@sunledger/model";
import { memoryAudit } from "./memory-audit.ts";
import { isOpen, type Rollouts } from "./rollouts.ts";

/** Keeps roll-outs for the life of the process: for tests. */
export function memoryRollouts(audit = memoryAudit()): Rollouts {
  const kept = new Map<string, Map<string, Rollout>>();
  const of = (organisation: string) => [...(kept.get(organisation)?.values() ?? [])];

  return {
    async add(organisation, rollout, entry) {
      const known = kept.get(organisation) ?? new Map<string, Rollout>();
      kept.set(organisation, known.set(rollout.id, rollout));
      audit.note(organisation, entry);
    },
    one: async (organisation, id) => kept.get(organisation)?.get(id),
    list: async (organisation, most) =>
      of(organisation)
        .sort((a, b) => b.at - a.at)
        .slice(0, most),
    open: async (organisation) =>
      of(organisation)
        .filter(isOpen)
        .sort((a, b) => a.at - b.at),
    async save(organisation, rollout, entry) {
      const before = kept.get(organisation)?.get(rollout.id);
      if (before?.revision !== rollout.revision - 1) return false;
      kept.get(organisation)?.set(rollout.id, rollout);
      audit.note(organisation, entry);
      return true;
    },
  };
}
