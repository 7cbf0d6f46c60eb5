import { OrderedBy } from "@sunledger/model";
import { and, desc, eq, isNotNull, lt, max, sql } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import * as z from "zod";
import { type Database, withinOrganisation } from "../database.ts";
import type {
  BesideConfiguration,
  Configurations,
  DeviceToCome,
  KeptConfiguration,
} from "./configurations.ts";
import { noteInAudit } from "./postgres-audit.ts";
import { registeredId } from "./registered-id.ts";
import { configuration, device, gateway, rollout } from "./schema.ts";

/** Keeps configurations in PostgreSQL, each call in a transaction of one organisation. */
export function postgresConfigurations({ pool }: Database): Configurations {
  const within = <T>(id: string, task: (db: NodePgDatabase) => Promise<T>) =>
    withinOrganisation(pool, id, (client) => task(drizzle(client)));

  return {
    async add(organisation, fresh, { devices = [], rollout: by, entry } = {}) {
      try {
        await within(organisation, async (db) => {
          if (by && !(await isUnchanged(db, by))) throw new NotKept("rolloutChanged");
          // Locked: of two versions that come together one is the next.
          await db.select().from(gateway).where(eq(gateway.id, fresh.gateway)).for("update");
          const [newest] = await db
            .select({ version: max(configuration.version) })
            .from(configuration)
            .where(eq(configuration.gateway, fresh.gateway));
          if (fresh.version !== (newest?.version ?? 0) + 1) throw new NotKept("notNext");
          const registered = await register(db, organisation, devices);
          const told = registered.length > 0 ? { registered } : {};
          await db.insert(configuration).values({ ...fresh, ...told, organisation, state: "sent" });
          await noteInAudit(db, organisation, entry);
        });
        return "kept";
      } catch (error) {
        if (error instanceof NotKept) return error.outcome;
        throw error;
      }
    },

    async list({ organisation, gateway: of, before, most }) {
      const wanted = and(
        eq(configuration.gateway, of),
        before === undefined ? undefined : lt(configuration.version, before),
      );
      const rows = await within(organisation, (db) =>
        db
          .select()
          .from(configuration)
          .where(wanted)
          .orderBy(desc(configuration.version))
          .limit(most),
      );
      return rows.map(configurationOf);
    },

    async one(organisation, of, version) {
      const [row] = await within(organisation, (db) =>
        db.select().from(configuration).where(isVersion(of, version)),
      );
      return row && configurationOf(row);
    },

    async lastApplied(organisation, of) {
      const [row] = await within(organisation, (db) =>
        db
          .select()
          .from(configuration)
          .where(and(eq(configuration.gateway, of), isNotNull(configuration.appliedAt)))
          .orderBy(desc(configuration.version))
          .limit(1),
      );
      return row && configurationOf(row);
    },

    async report(organisation, of, { version, state, at, reasons }) {
      const applied = sql`coalesce(${configuration.appliedAt}, ${at})`;
      return within(organisation, async (db) => {
        const { rowCount } = await db
          .update(configuration)
          .set({
            ...{ state, reasons: reasons ?? null, reportedAt: at },
            ...(state === "applied" && { appliedAt: applied }),
          })
          .where(isVersion(of, version));
        if (state === "refused") await unregister(db, of);
        return rowCount === 1;
      });
    },
  };
}

/** Undoes a transaction for a reason that its caller decides on. */
class NotKept extends Error {
  override readonly name = "NotKept";
  readonly outcome: Exclude<Awaited<ReturnType<Configurations["add"]>>, "kept">;

  constructor(outcome: NotKept["outcome"]) {
    super(JSON.stringify(outcome));
    this.outcome = outcome;
  }
}

/** Locked: who changes it at the same moment waits until the version is kept, or has changed it already. */
async function isUnchanged(
  db: NodePgDatabase,
  { id, revision }: NonNullable<BesideConfiguration["rollout"]>,
): Promise<boolean> {
  const wanted = and(eq(rollout.id, id), eq(rollout.revision, revision));
  const rows = await db.select({ id: rollout.id }).from(rollout).where(wanted).for("share");
  return rows.length === 1;
}

function isVersion(of: string, version: number) {
  return and(eq(configuration.gateway, of), eq(configuration.version, version));
}

/**
 * The tags that were not there before. All in one statement: a list may bring thousands, and the gateway's
 * row is locked meanwhile.
 */
async function register(
  db: NodePgDatabase,
  organisation: string,
  coming: readonly DeviceToCome[],
): Promise<readonly string[]> {
  if (coming.length === 0) return [];
  const rows = await db
    .insert(device)
    .values(
      coming.map((one) => ({
        ...{ ratedDcW: null, ratedAcW: null, ...one },
        ...{ organisation, id: registeredId(one) },
      })),
    )
    .onConflictDoUpdate({
      target: [device.plant, device.tag],
      set: {
        ...{ name: sql`excluded.name`, kind: sql`excluded.kind`, atGrid: sql`excluded.at_grid` },
        ...{ ratedDcW: sql`excluded.rated_dc_w`, ratedAcW: sql`excluded.rated_ac_w` },
      },
      setWhere: sql`${device.gateway} = excluded.gateway and ${device.announcement} is null`,
    })
    .returning({ tag: device.tag, isNew: sql<boolean>`xmax = 0` });
  const kept = new Set(rows.map(({ tag }) => tag));
  const taken = coming.find(({ tag }) => !kept.has(tag));
  if (taken) throw new NotKept({ tagTaken: taken.tag });
  return rows.flatMap(({ tag, isNew }) => (isNew ? [tag] : []));
}

/** Removes the devices that refused versions of a gateway registered, and that nothing else is known of. */
async function unregister(db: NodePgDatabase, of: string): Promise<void> {
  await db.execute(sql`
    with registered as (
      select distinct json_array_elements_text(registered) as tag from configuration
       where gateway = ${of} and state = 'refused' and applied_at is null and registered is not null),
    polled as (
      select one->>'tag' as tag
        from configuration, json_array_elements(
          case json_typeof(document->'devices') when 'array' then document->'devices' end) one
       where gateway = ${of} and (state <> 'refused' or applied_at is not null))
    delete from device d using registered r
     where d.gateway = ${of} and d.tag = r.tag and d.announcement is null
       and not exists (select from command where command.device = d.id)
       and not exists (select from device_event where device_event.device = d.id)
       and d.tag not in (select tag from polled where tag is not null)`);
}

const Document = z.record(z.string(), z.unknown()).nullable();

function configurationOf(row: typeof configuration.$inferSelect): KeptConfiguration {
  const { version, at, note } = row;
  return {
    ...{ gateway: row.gateway, version, at, note },
    document: Document.parse(row.document),
    by: OrderedBy.parse(row.by),
    // Written above alone.
    state: row.state as KeptConfiguration["state"],
    ...(row.reasons !== null && { reasons: z.array(z.string()).parse(row.reasons) }),
    ...(row.reportedAt !== null && { reportedAt: row.reportedAt }),
    ...(row.again !== null && { again: row.again }),
  };
}
