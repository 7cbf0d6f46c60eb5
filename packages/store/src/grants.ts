import type { Client } from "pg";
import { appRole } from "./embedded/roles.ts";

const all = "select, insert, update, delete";

/** What the programs may do with each table. Partitions are not here: nobody may touch them directly. */
const tableGrants: Readonly<Record<string, string>> = {
  organisation: "select",
  plant: all,
  gateway: all,
  device: all,
  device_event: "select, insert",
  command: "select, insert, update",
  command_answer: "select, insert",
  configuration: "select, insert, update",
  rollout: "select, insert, update",
  audit: "select, insert",
  member: all,
  auth_user: all,
  auth_session: all,
  auth_account: all,
  auth_verification: all,
  migration: "select",
  incarnation: "select, update",
  layout: "select, insert",
  frame_organisation: "select, insert, update",
  frame_device: "select, insert",
  device_layout: "select, insert, update",
  series_writing: "select, insert, update, delete",
  series_unsure: "select, insert, update, delete",
  settled: "select, insert, update",
  frame: "select, insert, delete",
  packed_day: all,
  rollup: all,
  stale_quarter: "select, insert, delete",
  condition: "select, insert, update",
  forgotten: "select, insert, update",
  conflict: "select, insert",
  quarantine: "select, insert, update",
  gap: "select, insert",
};

const functionGrants = [
  "organisation_of_gateway(text)",
  "organisation_of_user(text)",
  "organisation_named(text, uuid)",
  "frame_organisations()",
  "frame_partition(bigint)",
  "frame_shrink()",
];

/** Gives the programs' role what it needs, where there is one: a single role owns the tables itself. */
export async function grantToPrograms(client: Client): Promise<void> {
  const { rowCount } = await client.query(
    "select from pg_roles where rolname = $1 and rolname <> current_user",
    [appRole],
  );
  if (rowCount === 0) return;
  const grants = [
    `grant usage on schema public to ${appRole}`,
    ...Object.entries(tableGrants).map(
      ([table, rights]) => `grant ${rights} on table public.${table} to ${appRole}`,
    ),
    ...functionGrants.map((name) => `grant execute on function public.${name} to ${appRole}`),
  ];
  await client.query(grants.join(";\n"));
}
