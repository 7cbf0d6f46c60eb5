import { type Database, missingSteps, openDatabase } from "@sunledger/store";
import * as z from "zod";
import { messageOf } from "../plain-error.ts";
import { type Finding, well, wrong } from "./finding.ts";

const oldestPostgres = 15;

/** Opens the database for the other checks, or says why that is not possible. */
export async function checkDatabase(
  url: string,
): Promise<{ readonly finding: Finding; readonly database?: Database }> {
  const { host, pathname } = new URL(url);
  const place = `${pathname.slice(1)} on ${host}`;
  let database: Database;
  try {
    database = await openDatabase(url, { name: "sunledger-doctor", most: 2 });
  } catch (error) {
    const advice = "check that the server answers, and SUNLEDGER_DATABASE_URL";
    return { finding: wrong("PostgreSQL", `${place}: ${messageOf(error)}`, advice) };
  }
  const { rows } = await database.pool.query("show server_version");
  const version = z.object({ server_version: z.string() }).parse(rows[0]).server_version;
  const finding =
    Number.parseInt(version, 10) >= oldestPostgres
      ? well("PostgreSQL", `${version}, ${place}`)
      : wrong("PostgreSQL", version, `move to PostgreSQL ${oldestPostgres} or newer`);
  return { finding, database };
}

/** Whether the tables are those of this version. */
export async function checkTables(database: Database): Promise<Finding> {
  try {
    const missing = await missingSteps(database);
    if (missing.length === 0) return well("tables", "of this version");
    return wrong("tables", `without ${missing.join(", ")}`, 'run "sunledger migrate"');
  } catch (error) {
    return wrong("tables", messageOf(error), "install the version that changed them");
  }
}

const Table = z.object({ name: z.string() });

/** Tables with an organisation must let nobody see another's rows, their owner included. */
export async function checkRowSecurity({ pool }: Database): Promise<Finding> {
  const what = "row-level security";
  const { rows } = await pool.query(openTables);
  const open = rows.map((row) => Table.parse(row).name);
  if (open.length === 0) return well(what, "holds on every table of an organisation");
  const advice = 'run "sunledger migrate"; if that does not help, restore the tables from a backup';
  return wrong(what, `missing on ${open.join(", ")}`, advice);
}

/**
 * The tables that somebody might read past a policy. A partition has none of its own and needs none:
 * with row security forced it shows nobody a row, not even its owner, who has every right on it where
 * one role is owner and program; its parent's policy judges what is asked of the parent. So it must
 * keep row security, have no policy, and be granted to nobody but its owner.
 */
const openTables = `
  select c.oid::regclass::text as name
    from pg_catalog.pg_class c
   where c.relnamespace = 'public'::regnamespace
     and c.relkind in ('r', 'p')
     and (c.relname = 'organisation'
          or exists (select from pg_catalog.pg_attribute a
                      where a.attrelid = c.oid and a.attname = 'organisation' and not a.attisdropped))
     and (not (c.relrowsecurity and c.relforcerowsecurity)
          or c.relispartition
             and (exists (select from pg_catalog.pg_policy p where p.polrelid = c.oid)
                  or exists (select from pg_catalog.aclexplode(c.relacl) g
                              where g.grantee <> c.relowner)))
   order by 1`;
