import type { AuditEntry } from "@sunledger/model";
import type { Audit, NewAuditEntry } from "./audit.ts";

export type MemoryAudit = Audit & {
  /** Writes it down, if there is one. */
  note(organisation: string, entry: NewAuditEntry | undefined): void;
};

/** Keeps what was done for the life of the process: for tests. */
export function memoryAudit(): MemoryAudit {
  const kept: { readonly organisation: string; readonly entry: AuditEntry }[] = [];

  return {
    note(organisation, entry) {
      if (entry) kept.unshift({ organisation, entry: { ...entry, number: kept.length + 1 } });
    },

    async list({ organisation, before = Number.POSITIVE_INFINITY, action, most }) {
      return kept
        .filter((one) => one.organisation === organisation)
        .map(({ entry }) => entry)
        .filter((entry) => entry.number < before)
        .filter((entry) => action === undefined || entry.action === action)
        .slice(0, most);
    },
  };
}
