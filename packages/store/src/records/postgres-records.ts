import { randomUUIDv7 } from "node:crypto";
import { Device, DeviceAnnouncement, Gateway, KeptEvent, Plant, Role } from "@sunledger/model";
import { and, asc, desc, eq, getTableColumns, gte, inArray, isNotNull, lt } from "drizzle-orm";
import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import type { Database } from "../database.ts";
import { withinOrganisation } from "../database.ts";
import { noteInAudit } from "./postgres-audit.ts";
import { provision } from "./provision.ts";
import { ratedPlants } from "./rated-plants.ts";
import type { Records } from "./records.ts";
import { device, deviceEvent, gateway, member, organisation, plant } from "./schema.ts";
import { identityOf, searchPlaces } from "./search-places.ts";

/** Keeps records in PostgreSQL, each call in a transaction of one organisation. */
export function postgresRecords({ pool, close }: Database): Records {
  const within = <T>(id: string, task: (db: NodePgDatabase) => Promise<T>) =>
    withinOrganisation(pool, id, (client) => task(drizzle(client)));

  const lookUp = async (question: string, wanted: string) => {
    const { rows } = await pool.query<{ id: string | null }>(`select ${question}($1) as id`, [
      wanted,
    ]);
    return rows[0]?.id ?? undefined;
  };

  return {
    async gatewayEntry(id) {
      const owner = await lookUp("organisation_of_gateway", id);
      if (!owner) return undefined;
      return within(owner, async (db) => {
        const [row] = await db.select().from(gateway).where(eq(gateway.id, id));
        if (!row) return undefined;
        const devices = await db
          .select({ tag: device.tag, id: device.id })
          .from(device)
          .where(eq(device.plant, row.plant));
        return {
          id,
          organisation: owner,
          plant: row.plant,
          secretHash: row.secretHash,
          devices: new Map(devices.map(({ tag, id }) => [tag, id])),
          ...(row.heardAt !== null && { heardAt: row.heardAt }),
        };
      });
    },

    async membership(user) {
      const owner = await lookUp("organisation_of_user", user);
      if (!owner) return undefined;
      return within(owner, async (db) => {
        const [row] = await db
          .select({ name: organisation.name, role: member.role })
          .from(member)
          .innerJoin(organisation, eq(organisation.id, member.organisation))
          .where(eq(member.user, user));
        if (!row) return undefined;
        return { organisation: owner, organisationName: row.name, role: Role.parse(row.role) };
      });
    },

    async organisation(name) {
      const { rows } = await pool.query<{ id: string }>("select organisation_named($1, $2) as id", [
        name,
        randomUUIDv7(),
      ]);
      return (rows[0] as { id: string }).id;
    },

    async provision(wanted) {
      await within(wanted.organisation, (db) => provision(db, wanted));
    },

    async addMember(owner, user, role) {
      await within(owner, (db) =>
        db
          .insert(member)
          .values({ organisation: owner, user, role })
          .onConflictDoUpdate({ target: [member.organisation, member.user], set: { role } }),
      );
    },

    async plants(owner) {
      return within(owner, async (db) => {
        const rows = await db.select().from(plant).orderBy(asc(plant.code));
        const rated = await ratedPlants(db);
        return rows.map((row) => Plant.parse({ ...withoutNulls(row), ...rated.get(row.id) }));
      });
    },

    async gateways(owner, ofPlant) {
      const wanted = ofPlant === undefined ? undefined : eq(gateway.plant, ofPlant);
      const rows = await within(owner, (db) =>
        db.select().from(gateway).where(wanted).orderBy(asc(gateway.id)),
      );
      return rows.map((row) => Gateway.parse(withoutNulls(row)));
    },

    async devices(owner, ofPlant) {
      const wanted = ofPlant === undefined ? undefined : eq(device.plant, ofPlant);
      const rows = await within(owner, (db) =>
        db.select().from(device).where(wanted).orderBy(asc(device.plant), asc(device.tag)),
      );
      return rows.map((row) => Device.parse(withoutNulls(row)));
    },

    async deviceList(owner, ofPlant) {
      const { announcement: _, ...columns } = getTableColumns(device);
      const wanted = ofPlant === undefined ? undefined : eq(device.plant, ofPlant);
      const order = [asc(device.plant), asc(device.tag)];
      const rows = await within(owner, (db) =>
        db
          .select(columns)
          .from(device)
          .where(wanted)
          .orderBy(...order),
      );
      return rows.map((row) => Device.parse(withoutNulls(row)));
    },

    async announcements(owner, devices) {
      if (devices.length === 0) return new Map();
      const wanted = and(inArray(device.id, [...devices]), isNotNull(device.announcement));
      const rows = await within(owner, (db) =>
        db.select({ id: device.id, said: device.announcement }).from(device).where(wanted),
      );
      return new Map(rows.map(({ id, said }) => [id, DeviceAnnouncement.parse(said)]));
    },

    async device(owner, id) {
      const [row] = await within(owner, (db) => db.select().from(device).where(eq(device.id, id)));
      return row && Device.parse(withoutNulls(row));
    },

    search: (wanted) => within(wanted.organisation, (db) => searchPlaces(db, wanted)),

    async rate(owner, id, { ratedAcW = null, ratedDcW = null }, entryOf) {
      const { ratedAcW: ac, ratedDcW: dc } = getTableColumns(device);
      await within(owner, async (db) => {
        // Locked: of two who rate it at once the second one's entry tells what the first one said.
        const [row] = await db
          .select({ ratedAcW: ac, ratedDcW: dc })
          .from(device)
          .where(eq(device.id, id))
          .for("update");
        if (!row) return;
        await db.update(device).set({ ratedAcW, ratedDcW }).where(eq(device.id, id));
        await noteInAudit(db, owner, entryOf?.(withoutNulls(row)));
      });
    },

    async keepAnnouncement(owner, id, announcement) {
      const said = { announcement, ...identityOf(announcement) };
      await within(owner, (db) => db.update(device).set(said).where(eq(device.id, id)));
    },

    async keepStatus(owner, id, status, heardAt) {
      await within(owner, (db) =>
        db.update(gateway).set({ status, heardAt }).where(eq(gateway.id, id)),
      );
    },

    async keepEvents(owner, events) {
      if (events.length === 0) return;
      const rows = events.map((event) => ({ ...event, organisation: owner }));
      await within(owner, (db) => db.insert(deviceEvent).values(rows).onConflictDoNothing());
    },

    async events({ organisation: owner, devices, kinds, from, to, most }) {
      const wanted = and(
        inArray(deviceEvent.device, [...devices]),
        kinds && inArray(deviceEvent.kind, [...kinds]),
        gte(deviceEvent.at, from),
        lt(deviceEvent.at, to),
      );
      const order = [desc(deviceEvent.at), asc(deviceEvent.point), asc(deviceEvent.kind)];
      const rows = await within(owner, (db) =>
        db
          .select()
          .from(deviceEvent)
          .where(wanted)
          .orderBy(...order)
          .limit(most),
      );
      return rows.map((row) => KeptEvent.parse(withoutNulls(row)));
    },

    close,
  };
}

/** Absent values are `null` in a row and absent in the model. */
function withoutNulls(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
