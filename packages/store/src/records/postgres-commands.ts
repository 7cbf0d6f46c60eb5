import { createHash } from "node:crypto";
import { CommandOrder, CommandResult, OrderedBy } from "@sunledger/model";
import { and, asc, desc, eq, lt, sql } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { type Database, withinOrganisation } from "../database.ts";
import {
  type Commands,
  isEnd,
  isHeard,
  type KeptCommand,
  mostAnswers,
  stateAfter,
} from "./commands.ts";
import { noteInAudit } from "./postgres-audit.ts";
import { command, commandAnswer } from "./schema.ts";

/** Keeps commands in PostgreSQL, each call in a transaction of one organisation. */
export function postgresCommands({ pool }: Database, most = mostAnswers): Commands {
  const within = <T>(id: string, task: (db: NodePgDatabase) => Promise<T>) =>
    withinOrganisation(pool, id, (client) => task(drizzle(client)));

  return {
    async order(organisation, { device = null, ...fresh }, entry) {
      const row = { ...fresh, organisation, device, state: "sent", answers: 0 };
      const before = await within(organisation, async (db) => {
        const { rowCount } = await db.insert(command).values(row).onConflictDoNothing();
        if (rowCount === 1) return noteInAudit(db, organisation, entry);
        const [kept] = await db.select().from(command).where(eq(command.id, fresh.id));
        return kept;
      });
      return before ? commandOf(before) : undefined;
    },

    keepAnswer: (organisation, gateway, { heardAt, result }) =>
      within(organisation, async (db) => {
        // Locked: two answers that come together are numbered one after the other.
        const [row] = await db
          .select()
          .from(command)
          .where(and(eq(command.id, result.id), eq(command.gateway, gateway)))
          .for("update");
        if (!row) return undefined;
        const before = commandOf(row);
        const { answers } = row;
        if (!isHeard({ state: before.state, answers }, result.state, most)) return undefined;
        const number = row.answers + 1;
        const digest = createHash("sha256").update(JSON.stringify(result)).digest("hex");
        const { rowCount } = await db
          .insert(commandAnswer)
          .values({ organisation, command: result.id, number, digest, heardAt, result })
          .onConflictDoNothing();
        if (rowCount === 0) return undefined;
        const isEnding = !isEnd(before.state) && isEnd(result.state);
        const news = {
          state: stateAfter(before.state, result.state),
          ...(isEnding && { outcome: result }),
        };
        await db
          .update(command)
          .set({ ...news, answers: number })
          .where(eq(command.id, result.id));
        return { ...before, ...news };
      }),

    async one(organisation, id) {
      const [row] = await within(organisation, (db) =>
        db.select().from(command).where(eq(command.id, id)),
      );
      return row && commandOf(row);
    },

    async answers(organisation, id) {
      const rows = await within(organisation, (db) =>
        db
          .select({ heardAt: commandAnswer.heardAt, result: commandAnswer.result })
          .from(commandAnswer)
          .where(eq(commandAnswer.command, id))
          .orderBy(asc(commandAnswer.number)),
      );
      return rows.map(({ heardAt, result }) => ({ heardAt, result: CommandResult.parse(result) }));
    },

    async list({ organisation, gateway, device, before, most }) {
      const wanted = and(
        gateway === undefined ? undefined : eq(command.gateway, gateway),
        device === undefined ? undefined : eq(command.device, device),
        before === undefined ? undefined : lt(command.number, numberOf(before)),
      );
      const rows = await within(organisation, (db) =>
        db.select().from(command).where(wanted).orderBy(desc(command.number)).limit(most),
      );
      return rows.map(commandOf);
    },
  };
}

/** Which one that order was. */
function numberOf(id: string) {
  return sql`(select ${command.number} from ${command} where ${command.id} = ${id})`;
}

function commandOf(row: typeof command.$inferSelect): KeptCommand {
  const { id, gateway, session, at, expiresAt } = row;
  return {
    ...{ id, gateway, session, at, expiresAt },
    ...(row.device !== null && { device: row.device }),
    what: CommandOrder.parse(row.what),
    orderedBy: OrderedBy.parse(row.orderedBy),
    // Written above alone.
    state: row.state as KeptCommand["state"],
    ...(row.outcome !== null && { outcome: CommandResult.parse(row.outcome) }),
  };
}
