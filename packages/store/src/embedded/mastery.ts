import { Client, DatabaseError } from "pg";
import { superuser } from "./data-folder.ts";

// Any number that no other use of the server's advisory locks takes: "sunledgr" in ASCII.
const lockKey = "8319397736741218162";

/** The one session that makes its holder the server's master, for as long as it lasts. */
export type Mastery = { release(): Promise<void>; readonly client: Client };

export type Attempt =
  | { readonly state: "master"; readonly mastery: Mastery }
  | { readonly state: "taken"; readonly by: string }
  /** It does not answer yet, or no longer. */
  | { readonly state: "away"; readonly error: Error };

/** Signs in and takes the lock that the server's starter holds for life. */
export async function tryMastery(port: number, password: string, name: string): Promise<Attempt> {
  const client = new Client({
    host: "127.0.0.1",
    port,
    user: superuser,
    password,
    database: "postgres",
    application_name: name,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  client.on("error", () => {}); // a session that breaks is noticed by those who use the server
  try {
    await client.connect();
  } catch (error) {
    if (isRefusal(error)) throw error;
    return { state: "away", error: error as Error };
  }
  const { rows } = await client.query<{ granted: boolean }>(
    "select pg_try_advisory_lock($1) as granted",
    [lockKey],
  );
  if (rows[0]?.granted) {
    return { state: "master", mastery: { client, release: () => client.end().catch(() => {}) } };
  }
  const by = await holderOf(client);
  await client.end();
  return { state: "taken", by };
}

async function holderOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ by: string }>(
    `select a.application_name as by from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted
        and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [lockKey],
  );
  return rows[0]?.by || "another program";
}

/**
 * A password that is wrong stays wrong, and a full disk (53100) is somebody's to mend; that a server
 * starts up or shuts down passes.
 */
function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && /^(28|53100)/.test(error.code ?? "");
}
