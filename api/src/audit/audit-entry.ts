import type { NewAuditEntry } from "@sunledger/store";
import type { Who } from "../identity/identity.ts";

/** What somebody does, to be written down with it. */
export function auditEntry(
  { user: { id, name }, address }: Who,
  at: number,
  done: Pick<NewAuditEntry, "action" | "subject" | "before" | "after">,
): NewAuditEntry {
  return { at, by: { id, name }, ...(address !== undefined && { address }), ...done };
}
