import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  doublePrecision,
  foreignKey,
  index,
  integer,
  json,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { authTables } from "./auth-tables.ts";

// Every table here carries its organisation and lets a transaction see the rows of the one it has
// entered. Documents are `json`, not `jsonb`: that refuses texts with a zero character, which devices send.

const entered = sql`(select nullif(current_setting('sunledger.organisation', true), '')::uuid)`;

function ofOrganisation(column = sql`organisation`) {
  const own = sql`${column} = ${entered}`;
  return pgPolicy("of_organisation", { as: "permissive", for: "all", using: own, withCheck: own });
}

export const organisation = pgTable(
  "organisation",
  { id: uuid().primaryKey(), name: text().notNull().unique() },
  () => [ofOrganisation(sql`id`)],
);

export const plant = pgTable(
  "plant",
  {
    id: uuid().primaryKey(),
    organisation: uuid()
      .notNull()
      .references(() => organisation.id),
    code: text().notNull(),
    name: json().notNull(),
    timeZone: text("time_zone").notNull(),
    latitude: doublePrecision().notNull(),
    longitude: doublePrecision().notNull(),
    altitudeM: doublePrecision("altitude_m").notNull(),
    dcPowerW: doublePrecision("dc_power_w").notNull(),
    acPowerW: doublePrecision("ac_power_w").notNull(),
    gammaPerC: doublePrecision("gamma_per_c").notNull(),
    commissioned: text(),
  },
  (table) => [
    unique().on(table.organisation, table.code),
    unique().on(table.organisation, table.id),
    ofOrganisation(),
  ],
);

export const gateway = pgTable(
  "gateway",
  {
    id: text().primaryKey(),
    organisation: uuid().notNull(),
    plant: uuid().notNull(),
    /** SHA-256 of its random secret, hex. */
    secretHash: text("secret_hash").notNull(),
    status: json(),
    heardAt: bigint("heard_at", { mode: "number" }),
  },
  (table) => [
    foreignKey({
      columns: [table.organisation, table.plant],
      foreignColumns: [plant.organisation, plant.id],
    }),
    unique().on(table.organisation, table.id),
    ofOrganisation(),
  ],
);

export const device = pgTable(
  "device",
  {
    id: uuid().primaryKey(),
    organisation: uuid().notNull(),
    plant: uuid().notNull(),
    gateway: text(),
    tag: text().notNull(),
    name: json().notNull(),
    kind: text().notNull(),
    atGrid: boolean("at_grid").notNull(),
    ratedDcW: doublePrecision("rated_dc_w"),
    ratedAcW: doublePrecision("rated_ac_w"),
    announcement: json(),
    /** Out of the announcement, for the search: it may hold what SQL cannot read from JSON. */
    serial: text(),
    model: text(),
  },
  (table) => [
    unique().on(table.plant, table.tag),
    unique().on(table.organisation, table.id),
    foreignKey({
      columns: [table.organisation, table.plant],
      foreignColumns: [plant.organisation, plant.id],
    }),
    foreignKey({
      columns: [table.organisation, table.gateway],
      foreignColumns: [gateway.organisation, gateway.id],
    }),
    ofOrganisation(),
  ],
);

/** What happened to a device, as its gateway noticed it. */
export const deviceEvent = pgTable(
  "device_event",
  {
    organisation: uuid().notNull(),
    id: uuid().notNull(),
    device: uuid().notNull(),
    point: text().notNull(),
    kind: text().notNull(),
    at: bigint({ mode: "number" }).notNull(),
    before: text().notNull(),
    after: text().notNull(),
    counted: text(),
    by: json(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    unique().on(table.organisation, table.device, table.at, table.point, table.kind),
    foreignKey({
      columns: [table.organisation, table.device],
      foreignColumns: [device.organisation, device.id],
    }),
    ofOrganisation(),
  ],
);

/** What people have ordered a gateway to do; kept before it is sent. */
export const command = pgTable(
  "command",
  {
    organisation: uuid().notNull(),
    id: uuid().notNull(),
    /** In which order orders were taken: a clock may tell two of them the same time, or be set back. */
    number: bigint({ mode: "number" }).generatedAlwaysAsIdentity(),
    gateway: text().notNull(),
    device: uuid(),
    what: json().notNull(),
    /** As it was sent: who ordered it, in which session of the gateway. */
    orderedBy: json("ordered_by").notNull(),
    session: text().notNull(),
    at: bigint({ mode: "number" }).notNull(),
    expiresAt: bigint("expires_at", { mode: "number" }).notNull(),
    state: text().notNull(),
    /** The answer that ended it. */
    outcome: json(),
    answers: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    index("command_newest").on(table.organisation, table.gateway, table.number),
    foreignKey({
      columns: [table.organisation, table.gateway],
      foreignColumns: [gateway.organisation, gateway.id],
    }),
    foreignKey({
      columns: [table.organisation, table.device],
      foreignColumns: [device.organisation, device.id],
    }),
    ofOrganisation(),
  ],
);

/** What a gateway answered to a command, in the order in which it was heard. */
export const commandAnswer = pgTable(
  "command_answer",
  {
    organisation: uuid().notNull(),
    command: uuid().notNull(),
    number: integer().notNull(),
    /** SHA-256 of its text: the same answer may come twice. */
    digest: text().notNull(),
    heardAt: bigint("heard_at", { mode: "number" }).notNull(),
    result: json().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.command, table.number] }),
    unique().on(table.organisation, table.command, table.digest),
    foreignKey({
      columns: [table.organisation, table.command],
      foreignColumns: [command.organisation, command.id],
    }),
    ofOrganisation(),
  ],
);

/** What a gateway shall poll: each version for good, with what the gateway made of it. */
export const configuration = pgTable(
  "configuration",
  {
    organisation: uuid().notNull(),
    gateway: text().notNull(),
    version: integer().notNull(),
    /** Null gives the word back to the gateway's own file. */
    document: json(),
    at: bigint({ mode: "number" }).notNull(),
    by: json().notNull(),
    note: text().notNull(),
    state: text().notNull(),
    reasons: json(),
    reportedAt: bigint("reported_at", { mode: "number" }),
    /** When its gateway first said that it is applied; stays, whatever became of it later. */
    appliedAt: bigint("applied_at", { mode: "number" }),
    /** The version that it brings again, because the gateway had lost it. */
    again: integer(),
    /** The tags of the devices that are there because of it. */
    registered: json(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.gateway, table.version] }),
    foreignKey({
      columns: [table.organisation, table.gateway],
      foreignColumns: [gateway.organisation, gateway.id],
    }),
    ofOrganisation(),
  ],
);

/** Changes that reach gateways ring by ring; what it is and what became of it is one document. */
export const rollout = pgTable(
  "rollout",
  {
    organisation: uuid()
      .notNull()
      .references(() => organisation.id),
    id: uuid().notNull(),
    at: bigint({ mode: "number" }).notNull(),
    revision: integer().notNull(),
    /** Something is still to be done, or to be heard. */
    isOpen: boolean("is_open").notNull(),
    content: json().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.organisation, table.id] }),
    index("rollout_newest").on(table.organisation, table.at),
    ofOrganisation(),
  ],
);

/** Who did what: written with what it did, and never changed. */
export const audit = pgTable(
  "audit",
  {
    organisation: uuid()
      .notNull()
      .references(() => organisation.id),
    number: bigint({ mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    at: bigint({ mode: "number" }).notNull(),
    /** Of people there may be no account any more: their name stays. */
    by: json().notNull(),
    address: text(),
    action: text().notNull(),
    subject: json().notNull(),
    before: json(),
    after: json(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.number] }), ofOrganisation()],
);

export const member = pgTable(
  "member",
  {
    organisation: uuid()
      .notNull()
      .references(() => organisation.id),
    user: text()
      .notNull()
      .references(() => authTables.user.id, { onDelete: "cascade" }),
    role: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.organisation, table.user] }), ofOrganisation()],
);

// drizzle-kit finds tables by the exports of this file.
export const { user, session, account, verification } = authTables;
