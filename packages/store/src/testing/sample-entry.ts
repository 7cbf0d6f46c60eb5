import type { NewAuditEntry } from "../records/audit.ts";

/** What somebody did in the tests. */
export function sampleEntry(action: NewAuditEntry["action"], id: string): NewAuditEntry {
  return {
    ...{ at: Date.UTC(2026, 5, 21, 4), by: { id: "u1", name: "Wang 伟" }, address: "10.0.0.7" },
    ...{ action, subject: { kind: "gateway", id, name: "roof" } },
    ...{ before: null, after: { version: 1, note: "a\0b" } },
  };
}
