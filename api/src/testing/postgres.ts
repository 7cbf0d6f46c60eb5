import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Database, migrate, openDatabase, startEmbeddedPostgres } from "@sunledger/store";

export type TestPostgres = {
  readonly url: string;
  readonly database: Database;
  /** Stops the server alone; whoever uses it sees it go. */
  stopServer(): Promise<void>;
  /** Starts it again, where it was. */
  startServer(): Promise<void>;
  close(): Promise<void>;
};

/** A migrated PostgreSQL of its own, in a temporary folder. */
export async function openTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-api-"));
  await chmod(folder, 0o755);
  const options = { dataDir: folder, log: { info: () => {} }, name: "api test" };
  let server = await startEmbeddedPostgres(options);
  const { port } = server;
  await migrate(server.ownerUrl);
  const database = await openDatabase(server.appUrl, { name: "api test", onError: () => {} });
  let stopped: Promise<void> | undefined;
  const stopServer = () => (stopped ??= server.stop());
  return {
    url: server.appUrl,
    database,
    stopServer,
    async startServer() {
      server = await startEmbeddedPostgres({ ...options, port });
      stopped = undefined;
    },
    async close() {
      await database.close();
      await stopServer();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
