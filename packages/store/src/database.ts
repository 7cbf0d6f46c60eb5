import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { Pool, type PoolClient } from "pg";

/** A PostgreSQL of ours, reached by a role that row-level security holds. */
export type Database = {
  readonly url: string;
  readonly pool: Pool;
  /** The same connections, as Drizzle. */
  readonly orm: NodePgDatabase;
  close(): Promise<void>;
};

export type DatabaseOptions = {
  /** Shown by the server as the connections' application name. */
  readonly name: string;
  /** At most so many connections at once. */
  readonly most?: number;
  /** Hears of idle connections that broke; they are replaced at the next use. */
  readonly onError?: (error: Error) => void;
};

/** Opens a database, or says why it cannot be used. */
export async function openDatabase(
  url: string,
  { name, most = 10, onError = () => {} }: DatabaseOptions,
): Promise<Database> {
  const pool = new Pool({
    connectionString: url,
    application_name: name,
    max: most,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  pool.on("error", onError);
  try {
    await refuseMightyRole(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= pool.end();
    return closed;
  };
  return { url, pool, orm: drizzle(pool), close };
}

/** Row-level security does not hold superusers and roles that may bypass it: such a role is refused. */
export async function refuseMightyRole(pool: Pick<Pool, "query">): Promise<void> {
  const { rows } = await pool.query<{ role: string; mighty: boolean }>(
    `select rolname as role, rolsuper or rolbypassrls as mighty
       from pg_catalog.pg_roles where rolname = current_user`,
  );
  const [found] = rows;
  if (found?.mighty) {
    throw new Error(
      `the database role "${found.role}" can bypass row-level security: give Sunledger a role without SUPERUSER and BYPASSRLS`,
    );
  }
}

/** Runs the task in one transaction; whatever it throws undoes everything. */
export async function inTransaction<T>(
  pool: Pool,
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("begin isolation level read committed");
    const result = await task(client);
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch((cause: Error) => {
      broken = cause; // the connection itself is gone: the pool must not hand it out again
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Lets the transaction see and write the rows of that organisation and no others. */
export async function enterOrganisation(client: PoolClient, organisation: string): Promise<void> {
  await client.query("select set_config('sunledger.organisation', $1, true)", [organisation]);
}

/** Runs the task in one transaction that sees the rows of one organisation. */
export function withinOrganisation<T>(
  pool: Pool,
  organisation: string,
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    await enterOrganisation(client, organisation);
    return task(client);
  });
}
