import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { type Database, openDatabase } from "../database.ts";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "../embedded/embedded-postgres.ts";
import { migrate } from "../migrate.ts";

/** A migrated database on an embedded server of its own, for one test file. */
export type TestDatabase = {
  readonly database: Database;
  readonly ownerUrl: string;
  readonly appUrl: string;
  /** Past every policy. */
  readonly superuserUrl: string;
  close(): Promise<void>;
};

export async function openTestDatabase(name: string): Promise<TestDatabase> {
  const { server, close } = await startServer(name);
  await migrate(server.ownerUrl);
  const database = await openDatabase(server.appUrl, { name });
  return {
    database,
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    superuserUrl: server.superuserUrl,
    async close() {
      await database.close();
      await close();
    },
  };
}

/** An embedded server on which a test makes databases as it needs them. */
export type EmptyServer = {
  /** Makes a database and the role that owns it; the address to sign in as that role. */
  newDatabase(name: string, power?: string): Promise<string>;
  close(): Promise<void>;
};

export async function openEmptyServer(name: string): Promise<EmptyServer> {
  const { server, close } = await startServer(name);
  const { superuser } = JSON.parse(await readFile(join(server.folder, "passwords.json"), "utf8"));
  const place = `127.0.0.1:${server.port}`;
  return {
    async newDatabase(database, power = "") {
      const client = new Client({
        connectionString: `postgres://postgres:${superuser}@${place}/postgres`,
      });
      await client.connect();
      await client.query(`create role ${database} login password 'test' ${power}`);
      await client.query(`create database ${database} owner ${database}`);
      await client.end();
      return `postgres://${database}:test@${place}/${database}`;
    },
    close,
  };
}

async function startServer(
  name: string,
): Promise<{ server: EmbeddedPostgres; close(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-store-"));
  await chmod(folder, 0o755);
  const log = { info: () => {} };
  const server = await startEmbeddedPostgres({ dataDir: folder, log, name });
  const close = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { server, close };
}
