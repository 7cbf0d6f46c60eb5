import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, migrate, openDatabase, startEmbeddedPostgres } from "@sunledger/store";

export type TestPostgres = {
  readonly url: string;
  readonly database: Database;
  /** Stops the server alone, as a crash would. */
  stopServer(): Promise<void>;
  close(): Promise<void>;
};

/** A migrated PostgreSQL of its own, in a temporary folder. */
export async function openTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-api-"));
  await chmod(folder, 0o755);
  const log = { info: () => {} };
  const server = await startEmbeddedPostgres({ dataDir: folder, log, name: "api test" });
  await migrate(server.ownerUrl);
  const database = await openDatabase(server.appUrl, { name: "api test" });
  let stopped: Promise<void> | undefined;
  const stopServer = () => (stopped ??= server.stop());
  return {
    url: server.appUrl,
    database,
    stopServer,
    async close() {
      await database.close();
      await stopServer();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
