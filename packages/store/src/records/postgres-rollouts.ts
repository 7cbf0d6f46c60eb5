import { Rollout } from "@sunledger/model";
import { and, asc, desc, eq } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { type Database, withinOrganisation } from "../database.ts";
import { noteInAudit } from "./postgres-audit.ts";
import { isOpen, type Rollouts } from "./rollouts.ts";
import { rollout } from "./schema.ts";

/** Keeps roll-outs in PostgreSQL, each call in a transaction of one organisation. */
export function postgresRollouts({ pool }: Database): Rollouts {
  const within = <T>(id: string, task: (db: NodePgDatabase) => Promise<T>) =>
    withinOrganisation(pool, id, (client) => task(drizzle(client)));
  const rolloutOf = ({ content }: { content: unknown }) => Rollout.parse(content);

  return {
    async add(organisation, fresh, entry) {
      const row = { ...rowOf(fresh), organisation, id: fresh.id, at: fresh.at };
      await within(organisation, async (db) => {
        await db.insert(rollout).values(row);
        await noteInAudit(db, organisation, entry);
      });
    },

    async one(organisation, id) {
      const [row] = await within(organisation, (db) =>
        db.select().from(rollout).where(eq(rollout.id, id)),
      );
      return row && rolloutOf(row);
    },

    async list(organisation, most) {
      const rows = await within(organisation, (db) =>
        db.select().from(rollout).orderBy(desc(rollout.at), desc(rollout.id)).limit(most),
      );
      return rows.map(rolloutOf);
    },

    async open(organisation) {
      const rows = await within(organisation, (db) =>
        db.select().from(rollout).where(eq(rollout.isOpen, true)).orderBy(asc(rollout.at)),
      );
      return rows.map(rolloutOf);
    },

    async save(organisation, next, entry) {
      const before = and(eq(rollout.id, next.id), eq(rollout.revision, next.revision - 1));
      return within(organisation, async (db) => {
        const { rowCount } = await db.update(rollout).set(rowOf(next)).where(before);
        if (rowCount === 1) await noteInAudit(db, organisation, entry);
        return rowCount === 1;
      });
    },
  };
}

function rowOf(of: Rollout) {
  return { revision: of.revision, isOpen: isOpen(of), content: of };
}
