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
import { until } from "../support/until.ts";

const run = promisify(execFile);

/** A PostgreSQL that is stopped in the hardest way and started again where it was. */
export interface KeptStore {
  readonly port: number;
  readonly appUrl: string;
  /** An immediate stop: no checkpoint, sessions are dropped. It stays down until it is started. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Copies what is on its disk while it is down. */
  backUp(): Promise<void>;
  /** Puts the copy in place of its data and gives the store a new incarnation (D-15). */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

export async function openKeptStore(name: string): Promise<KeptStore> {
  const dataDir = await mkdtemp(join(tmpdir(), "sunledger-faults-store-"));
  await chmod(dataDir, 0o755);
  const options = { dataDir, log: { info: () => {} }, name };
  let server: EmbeddedPostgres = await startEmbeddedPostgres(options);
  let isDown = false;
  const { port, appUrl, ownerUrl, folder } = server;
  await migrate(ownerUrl);
  const data = join(folder, "server");
  const copy = join(folder, "backup");

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
  };

  return {
    port,
    appUrl,
    crash,
    start,
    async backUp() {
      await crash();
      await rm(copy, { recursive: true, force: true });
      await run("cp", ["-a", data, copy]);
      await start();
    },
    async restore() {
      await crash();
      await rm(data, { recursive: true, force: true });
      await run("cp", ["-a", copy, data]);
      await start();
      await renewIncarnation(ownerUrl);
    },
    async stop() {
      if (!isDown) await server.stop();
      await rm(dataDir, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
