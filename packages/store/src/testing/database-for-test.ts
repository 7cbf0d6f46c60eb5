import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, openDatabase } from "../database.ts";
import { startEmbeddedPostgres } from "../embedded/embedded-postgres.ts";
import { migrate } from "../migrate.ts";

/** A migrated database of its own on an embedded server, for one test file. */
export type TestDatabase = {
  readonly database: Database;
  readonly ownerUrl: string;
  readonly appUrl: string;
  close(): Promise<void>;
};

export async function openTestDatabase(name: string): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-store-"));
  await chmod(folder, 0o755);
  const log = { info: () => {} };
  const server = await startEmbeddedPostgres({ dataDir: folder, log, name });
  await migrate(server.ownerUrl);
  const database = await openDatabase(server.appUrl, { name });
  return {
    database,
    ownerUrl: server.ownerUrl,
    appUrl: server.appUrl,
    async close() {
      await database.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
