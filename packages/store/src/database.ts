import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import { DatabaseError, Pool, type PoolClient } from "pg";
import { refuseUnfinishedMove } from "./unfinished-move.ts";

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

const longestQueryMs = 60_000;

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
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    // A server that has vanished answers nothing: without these a commit would wait for a quarter hour.
    query_timeout: longestQueryMs,
    statement_timeout: longestQueryMs,
    // And a program that has vanished must not keep its locks.
    idle_in_transaction_session_timeout: longestQueryMs,
  });
  pool.on("error", onError);
  // The pool hears the clients that are idle; one that breaks while it is lent tells its borrower by the
  // query that fails, and unheard besides it would end the program.
  pool.on("connect", (client) => void client.on("error", () => {}));
  try {
    await refuseMightyRole(pool);
    await refuseUnfinishedMove(pool);
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
export function inTransaction<T>(pool: Pool, task: (client: PoolClient) => Promise<T>): Promise<T> {
  return transact(pool, "commit", "read committed", task);
}

/** Runs the task in one transaction that is taken back, whatever comes of it. */
export function inTransactionTakenBack<T>(
  pool: Pool,
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return transact(pool, "rollback", "read committed", task);
}

async function transact<T>(
  pool: Pool,
  end: "commit" | "rollback",
  mode: "read committed" | "repeatable read" | "repeatable read, read only",
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(`begin isolation level ${mode}`);
    const result = await task(client);
    await client.query(end);
    return result;
  } catch (error) {
    broken = await rollBack(client, error);
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Why the pool must not hand the connection out again, if it must not. */
async function rollBack(client: PoolClient, error: unknown): Promise<Error | undefined> {
  // Behind a query that was given up, a rollback would wait as long again.
  if (error instanceof Error && error.message === "Query read timeout") return error;
  return client.query("rollback").then(
    () => undefined,
    (cause: Error) => cause,
  );
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

/** As `withinOrganisation`, for reading alone: all that the task asks, it sees as of one moment. */
export function readOrganisation<T>(
  pool: Pool,
  organisation: string,
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return transact(pool, "commit", "repeatable read, read only", async (client) => {
    await enterOrganisation(client, organisation);
    return task(client);
  });
}

/** Whether it is `withinOneView` that failed, since somebody else has changed meanwhile what it writes. */
export function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === "40001";
}

/**
 * Runs the task in one transaction that sees the organisation as of one moment and writes. It throws
 * what `isChangedMeanwhile` knows when somebody else has changed meanwhile what it writes.
 */
export function withinOneView<T>(
  pool: Pool,
  organisation: string,
  task: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return transact(pool, "commit", "repeatable read", async (client) => {
    await enterOrganisation(client, organisation);
    return task(client);
  });
}
