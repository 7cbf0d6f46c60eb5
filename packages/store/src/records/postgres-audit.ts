import { AuditEntry } from "@sunledger/model";
import { and, desc, eq, lt } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { type Database, withinOrganisation } from "../database.ts";
import type { Audit, NewAuditEntry } from "./audit.ts";
import { audit } from "./schema.ts";

/** Reads from PostgreSQL what was written down, each call in a transaction of one organisation. */
export function postgresAudit({ pool }: Database): Audit {
  return {
    async list({ organisation, before, action, most }) {
      const wanted = and(
        before === undefined ? undefined : lt(audit.number, before),
        action === undefined ? undefined : eq(audit.action, action),
      );
      const rows = await withinOrganisation(pool, organisation, (client) =>
        drizzle(client).select().from(audit).where(wanted).orderBy(desc(audit.number)).limit(most),
      );
      return rows.map(({ address, ...row }) =>
        AuditEntry.parse({ ...row, ...(address !== null && { address }) }),
      );
    },
  };
}

/** Writes down what was done, if somebody did it, in the transaction that keeps it. */
export async function noteInAudit(
  db: NodePgDatabase,
  organisation: string,
  entry: NewAuditEntry | undefined,
): Promise<void> {
  if (entry) await db.insert(audit).values({ ...entry, organisation });
}
