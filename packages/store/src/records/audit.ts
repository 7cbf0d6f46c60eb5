import type { AuditAction, AuditEntry } from "@sunledger/model";

/** An entry to be; who keeps what was done writes it down in the same transaction. */
export type NewAuditEntry = Omit<AuditEntry, "number">;

/** Which entries: the newest come first. */
export type AuditQuery = {
  readonly organisation: string;
  /** Exclusive. */
  readonly before?: number | undefined;
  readonly action?: AuditAction | undefined;
  readonly most: number;
};

/** What was written down of what people did. */
export interface Audit {
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
}
