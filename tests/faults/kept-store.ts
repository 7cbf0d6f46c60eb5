import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type EmbeddedPostgres,
  migrate,
  renewIncarnation,
  startEmbeddedPostgres,
} from "@sunledger/store";
import { Client } from "pg";
import { mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";
import { until } from "../support/until.ts";

const run = promisify(execFile);

/** A PostgreSQL that is stopped in the hardest way and started again where it was. */
export interface KeptStore {
  readonly port: number;
  readonly appUrl: string;
  /** What its data lie on, where it has a disk of its own. */
  readonly disk: SmallDisk | undefined;
  /** The server's process, unless it is down. */
  pid(): number | undefined;
  /** Lets it write more than there is room for: resolves once it has found its disk full. */
  overfill(): Promise<void>;
  /** An immediate stop: no checkpoint, sessions are dropped. It stays down until it is started. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Resolves once it answers, started again where it has ended by itself. */
  revive(): Promise<void>;
  /** What is corrupt in its tables and indexes, by PostgreSQL's own amcheck. */
  damage(): Promise<readonly string[]>;
  /** Copies what is on its disk while it is down. */
  backUp(): Promise<void>;
  /** Puts the copy in place of its data and gives the store a new incarnation (D-15). */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

/** Its log may be as long as a gigabyte of segments, beside the data. */
const diskMegabytes = 2_048;

/** On a disk of its own, if wanted: mounting one needs leave. */
export async function openKeptStore(name: string, { mount = false } = {}): Promise<KeptStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "sunledger-faults-store-"));
  const copy = await mkdtemp(join(tmpdir(), "sunledger-faults-backup-"));
  const disk = mount ? mountSmallDisk(dataDir, diskMegabytes) : undefined;
  await chmod(dataDir, 0o755);
  const options = { dataDir, log: { info: () => {} }, name };
  let server: EmbeddedPostgres = await startEmbeddedPostgres(options);
  let isDown = false;
  let isLost = false;
  const watch = (own: EmbeddedPostgres) =>
    void own.lost.then(() => {
      if (own === server) isLost = true;
    });
  watch(server);
  const { port, appUrl, ownerUrl, folder } = server;
  await migrate(ownerUrl);
  const data = join(folder, "server");

  const crash = async () => {
    const { pid, lost } = server;
    isDown = true;
    process.kill(pid, "SIGQUIT");
    await lost;
    await until(`PostgreSQL ${pid} to be gone`, () => !isThere(pid), { everyMs: 20 });
    server.letGo();
  };
  const start = async () => {
    server = await startEmbeddedPostgres({ ...options, port });
    isDown = false;
    isLost = false;
    watch(server);
  };

  return {
    port,
    appUrl,
    disk,
    pid: () => (isDown ? undefined : server.pid),
    overfill: () => overfilled(server.superuserUrl),
    crash,
    start,
    async revive() {
      await until(
        "PostgreSQL to answer again",
        async () => {
          if (isLost) {
            server.letGo();
            await start();
          }
          return answers(ownerUrl);
        },
        { timeoutMs: 60_000, everyMs: 200 },
      );
    },
    damage: () => damageIn(server.superuserUrl),
    async backUp() {
      await crash();
      await rm(join(copy, "server"), { recursive: true, force: true });
      await run("cp", ["-a", data, copy]);
      await start();
    },
    async restore() {
      await crash();
      await rm(data, { recursive: true, force: true });
      await run("cp", ["-a", join(copy, "server"), data]);
      await start();
      await renewIncarnation(ownerUrl);
    },
    async stop() {
      if (!isDown) await server.stop();
      disk?.remove();
      for (const place of [dataDir, folder, copy]) {
        await rm(place, { recursive: true, force: true });
      }
    },
  };
}

/** What it has written of it is given back. */
async function overfilled(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {}); // a server without room for its log ends
  try {
    await client.connect();
    await client.query(
      "create unlogged table ballast as select md5(n::text) from generate_series(1, 1e7) n",
    );
    throw new Error("PostgreSQL had room for everything");
  } catch (error) {
    const { code = "" } = error as { readonly code?: string };
    const hasEnded = /^(08|57P)|^$/.test(code) && /terminat|crash/i.test(String(error));
    // It may have met its full disk before it was asked to.
    const isDown = ["57P03", "ECONNREFUSED", "ECONNRESET"].includes(code);
    if (code !== "53100" && !hasEnded && !isDown) throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Leaves nothing behind: the extension goes with the transaction. */
async function damageIn(url: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("create extension amcheck");
    const { rows } = await client.query<{ name: string; damage: string }>(heapsQuery);
    const heaps = rows.map(({ name, damage }) => `${name}: ${damage}`);
    const indexes = await client.query<{ oid: string; name: string }>(indexesQuery);
    const broken: string[] = [];
    for (const { oid, name } of indexes.rows) {
      await client.query("savepoint before");
      await client.query("select bt_index_check($1::regclass, true)", [oid]).catch((error) => {
        broken.push(`${name}: ${error}`);
      });
      await client.query("rollback to savepoint before");
    }
    if (indexes.rows.length === 0) broken.push("there is no index to look at");
    return [...heaps, ...broken];
  } finally {
    await client.end(); // and what it has begun is undone
  }
}

const heapsQuery = `
  select c.oid::regclass::text as name, v.msg as damage
    from pg_class c, lateral verify_heapam(c.oid) v
   where c.relkind in ('r', 't', 'm') and c.relpersistence = 'p'`;

const indexesQuery = `
  select c.oid::text, c.oid::regclass::text as name
    from pg_class c join pg_am a on a.oid = c.relam join pg_index i on i.indexrelid = c.oid
   where c.relkind = 'i' and a.amname = 'btree' and c.relpersistence = 'p' and i.indisvalid`;

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
