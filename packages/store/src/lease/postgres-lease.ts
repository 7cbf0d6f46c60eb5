import { Client } from "pg";
import type { Database } from "../database.ts";
import type { Lease } from "./lease.ts";

// Any number that no other pair of advisory locks takes.
const ofLeases = 83_194;
/** The server ends a session that says nothing for so long: its program hangs, or its machine is gone. */
const silentFor = "20s";
const heartbeatMs = 5_000;
const patienceMs = 10_000;

type Held = { readonly client: Client; readonly lost: AbortController };

/** A lease that a session of its own with PostgreSQL holds: who loses the database loses it. */
export function postgresLease({ url }: Pick<Database, "url">, name: string): Lease {
  let held: Held | undefined;
  let taking: Promise<AbortSignal | undefined> | undefined;

  const take = async (): Promise<AbortSignal | undefined> => {
    if (held && !held.lost.signal.aborted) return held.lost.signal;
    held = await heldSession(url, name);
    return held?.lost.signal;
  };

  return {
    take() {
      taking ??= take().finally(() => {
        taking = undefined;
      });
      return taking;
    },

    async close() {
      await taking?.catch(() => {});
      const last = held;
      held = undefined;
      last?.lost.abort();
      await last?.client.end().catch(() => {});
    },
  };
}

/** `undefined` while another session holds it. */
async function heldSession(url: string, name: string): Promise<Held | undefined> {
  const client = new Client({
    connectionString: url,
    application_name: `sunledger-lease-${name}`,
    connectionTimeoutMillis: patienceMs,
    query_timeout: patienceMs,
  });
  const lost = new AbortController();
  const lose = () => lost.abort();
  // Unheard, a session that breaks would end the program.
  client.on("error", lose);
  client.on("end", lose);
  try {
    await client.connect();
    await client.query("select set_config('idle_session_timeout', $1, false)", [silentFor]);
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${ofLeases}, hashtext($1)) as taken`,
      [name],
    );
    if (rows[0]?.taken) {
      beat(client, lost);
      return { client, lost };
    }
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
  await client.end();
  return undefined;
}

/** Tells the server that this program lives, and notices a server that does not. */
function beat(client: Client, lost: AbortController): void {
  const timer = setInterval(() => {
    client.query("select 1").catch(() => lost.abort());
  }, heartbeatMs);
  timer.unref();
  const over = () => {
    clearInterval(timer);
    client.end().catch(() => {});
  };
  lost.signal.addEventListener("abort", over, { once: true });
}
