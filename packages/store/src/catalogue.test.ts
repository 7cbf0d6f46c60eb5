import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "./testing/database-for-test.ts";

/** Tables that belong to no organisation, each with the reason why. */
const withoutOrganisation: Record<string, string> = {
  migration: "the steps this database has taken",
  incarnation: "names the whole frame store",
  layout: "names of points, by the hash of their content",
  auth_user: "people, who belong to organisations by `member`; sign-in alone reads it",
  auth_session: "of a person",
  auth_account: "of a person",
  auth_verification: "of an address that nobody has proved yet",
};

/** Functions that run with their owner's rights: what each may answer is in its migration. */
const definers = [
  "frame_organisations",
  "frame_partition",
  "frame_shrink",
  "organisation_named",
  "organisation_of_gateway",
  "organisation_of_user",
];

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase("catalogue test");
  await db.database.pool.query("select frame_partition($1)", [Date.UTC(2026, 5)]);
  await db.database.pool.query("select frame_partition($1)", [Date.UTC(1990, 0)]);
}, 120_000);

afterAll(async () => {
  await db.close();
});

describe("the catalogue", () => {
  test("holds every table of an organisation by a forced policy", async () => {
    const tables = await rowsOf<{
      name: string;
      owned: boolean;
      enabled: boolean;
      forced: boolean;
      policies: string[] | null;
    }>(
      `select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
              c.relname = 'organisation' or exists (select from pg_attribute a
                where a.attrelid = c.oid and a.attname = 'organisation' and not a.attisdropped) as owned,
              (select array_agg(pg_get_expr(p.polqual, p.polrelid)) from pg_policy p
                where p.polrelid = c.oid and p.polroles = '{0}') as policies
         from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
          and not c.relispartition`,
    );
    expect(tables.length).toBeGreaterThan(15);

    for (const { name, owned, enabled, forced, policies } of tables) {
      expect([name, owned]).toEqual([name, !(name in withoutOrganisation)]);
      if (!owned) continue;
      expect({ name, enabled, forced }).toEqual({ name, enabled: true, forced: true });
      expect(policies, name).toHaveLength(1);
      expect(policies?.[0], name).toContain("NULLIF(current_setting('sunledger.organisation'");
    }
  });

  test("lets only the owner look rows up, and list organisations", async () => {
    const others = await rowsOf(
      `select c.relname as table, p.polname as policy,
              array_agg(r.rolname::text) as roles
         from pg_policy p join pg_class c on c.oid = p.polrelid
         join pg_roles r on r.oid = any(p.polroles)
        where p.polroles <> '{0}' group by 1, 2 order by 1, 2`,
    );

    const lookedUp = { policy: "looked_up", roles: ["sunledger_owner"] };
    expect(others).toEqual([
      { table: "frame_organisation", ...lookedUp },
      { table: "gateway", ...lookedUp },
      { table: "member", ...lookedUp },
      { table: "organisation", policy: "listed", roles: ["sunledger_owner"] },
      { table: "organisation", ...lookedUp },
    ]);
  });

  test("lets nobody touch a partition directly", async () => {
    const partitions = await rowsOf<Record<string, unknown>>(
      `select relrowsecurity as enabled, relforcerowsecurity as forced, relacl::text as grants,
              (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
         from pg_class c
        where relispartition and relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );

    expect(partitions).toEqual([
      { enabled: true, forced: true, grants: null, policies: 0 },
      { enabled: true, forced: true, grants: null, policies: 0 },
    ]);
    await expect(asApp("select from frame_2026_06")).rejects.toThrow("permission denied");
    expect(await rowsOf("select * from frame_2026_06")).toEqual([]);
  });

  test("grants nothing by default and nothing to everybody", async () => {
    expect(await rowsOf("select defaclobjtype from pg_default_acl")).toEqual([]);
    const open = await rowsOf(
      `select relname from pg_class c, aclexplode(c.relacl) a
        where c.relnamespace = 'public'::regnamespace and a.grantee = 0`,
    );
    expect(open).toEqual([]);
  });

  test("has no view that looks with its owner's eyes", async () => {
    const views = await rowsOf(
      `select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
          and (relkind = 'm' or not coalesce('security_invoker=true' = any(reloptions), false))`,
    );
    expect(views).toEqual([]);
  });

  test("has only the known functions with their owner's rights, each with its own search path", async () => {
    const functions = await rowsOf<{ name: string; path: string; open: boolean }>(
      `select p.proname as name, array_to_string(p.proconfig, ';') as path,
              has_function_privilege('public', p.oid, 'execute') as open
         from pg_proc p
        where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 1`,
    );

    expect(functions.map(({ name }) => name)).toEqual(definers);
    for (const { name, path, open } of functions) {
      expect(path, name).toContain("search_path=pg_catalog, public, pg_temp");
      expect(open, name).toBe(false);
    }
  });

  test("has no trigger and no function that escapes this test", async () => {
    const others = await rowsOf(
      `select proname from pg_proc p where pronamespace = 'public'::regnamespace and not prosecdef`,
    );
    const triggers = await rowsOf("select tgname from pg_trigger where not tgisinternal");

    expect([...others, ...triggers]).toEqual([]);
  });
});

describe("the programs' role", () => {
  test("sees no row before it has entered an organisation", async () => {
    const organisation = await anOrganisation();

    const counts = await asApp("select count(*)::int as n from organisation");
    const own = await asApp("select id from organisation", organisation);
    const afterwards = await asApp("select count(*)::int as n from organisation", "");

    expect(counts).toEqual([{ n: 0 }]);
    expect(own).toEqual([{ id: organisation }]);
    expect(afterwards).toEqual([{ n: 0 }]);
  });

  test("cannot write for another organisation, nor move a row there", async () => {
    const [own, foreign] = [await anOrganisation(), await anOrganisation()];
    const insert = (to: string, code: string) =>
      asApp(
        `insert into plant values ('${randomUUID()}', '${to}', '${code}', '{"en":"x"}', 'UTC', 0, 0, 0, 0, 0, 0)`,
        own,
      );
    await insert(own, "mine");

    await expect(insert(foreign, "theirs")).rejects.toThrow("row-level security");
    await expect(asApp(`update plant set organisation = '${foreign}'`, own)).rejects.toThrow(
      "row-level security",
    );
  });

  test("adds to what was written down of people's doings, and changes nothing of it", async () => {
    const own = await anOrganisation();
    const entry = `0, '{}', 'rate', '{}'`;
    await asApp(
      `insert into audit (organisation, at, by, action, subject) values ('${own}', ${entry})`,
      own,
    );

    expect(await asApp("select action from audit", own)).toEqual([{ action: "rate" }]);
    for (const change of ["update audit set at = 1", "delete from audit", "truncate audit"]) {
      await expect(asApp(change, own), change).rejects.toThrow("permission denied");
    }
  });

  test("cannot switch its policies off", async () => {
    const attempts = [
      "alter table plant disable row level security",
      "alter table plant no force row level security",
      "drop policy of_organisation on plant",
      "alter role sunledger_app bypassrls",
      "set role sunledger_owner",
      "create table leak as select 1",
      "grant select on frame_2026_06 to sunledger_app",
    ];
    for (const attempt of attempts) {
      await expect(asApp(attempt), attempt).rejects.toThrow(
        /must be owner|permission denied|must be able to SET ROLE/,
      );
    }
    const unfiltered = "set local row_security = off; select * from plant";
    await expect(asApp(unfiltered)).rejects.toThrow("affected by row-level security");
  });

  test("sees one looked-up row at most, and only through its function", async () => {
    const organisation = await anOrganisation();
    const direct = await asApp(
      "select set_config('sunledger.lookup', name, true) from organisation; select * from organisation",
    );
    const pretending = await asApp(
      `select set_config('sunledger.lookup', '${organisation}', true); select name from organisation`,
    );

    expect([direct, pretending]).toEqual([[], []]);
  });

  test("is no role that could bypass; such a role is turned away", async () => {
    const roles = await rowsOf(
      `select rolname from pg_roles where rolname like 'sunledger%' and (rolsuper or rolbypassrls)`,
    );
    expect(roles).toEqual([]);
  });
});

test("the owner is held by the policies, too", async () => {
  await anOrganisation();

  expect(await rowsOf("select * from organisation")).toEqual([]);
});

async function anOrganisation(): Promise<string> {
  const id = randomUUID();
  await db.database.pool.query("select organisation_named($1, $2)", [`Test ${id}`, id]);
  return id;
}

/** As the tables' owner. */
async function rowsOf<T>(sql: string): Promise<T[]> {
  return query<T>(db.ownerUrl, sql, undefined);
}

/** In one transaction of the programs' role, having entered the organisation; the last statement's rows. */
async function asApp(sql: string, organisation?: string): Promise<unknown[]> {
  return query(db.appUrl, sql, organisation);
}

async function query<T>(url: string, sql: string, organisation: string | undefined): Promise<T[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("begin");
    if (organisation !== undefined) {
      await client.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
    }
    const results = [await client.query(sql)].flat();
    await client.query("commit");
    return (results.at(-1)?.rows ?? []) as T[];
  } finally {
    await client.end();
  }
}
