import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { freePorts } from "./free-ports.ts";

const run = promisify(execFile);
const programs = "/usr/lib/postgresql/15/bin";

/** Whether Debian's PostgreSQL 15 is installed: the floor of our SQL. */
export const hasPostgres15 = existsSync(join(programs, "postgres"));

/** A server of PostgreSQL 15 in a folder of its own; `url` signs in as its superuser. */
export async function startPostgres15(): Promise<{
  readonly url: string;
  stop(): Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "sunledger-postgres15-"));
  const [data, passwordFile] = [join(folder, "data"), join(folder, "password")];
  await chmod(folder, 0o755);
  await writeFile(passwordFile, "test", { mode: 0o600 });
  const as = await serverAccount();
  if (as) {
    await chown(passwordFile, as.uid, as.gid);
    await chown(folder, as.uid, as.gid);
  }
  const options = { cwd: "/", ...as };
  const wanted = ["--auth=scram-sha-256", `--pwfile=${passwordFile}`, "--encoding=UTF8"];
  await run(join(programs, "initdb"), ["-D", data, "-U", "postgres", ...wanted], options);

  const port = await freePorts(1);
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories="];
  const server = spawn(
    join(programs, "postgres"),
    ["-D", data, "-p", String(port), ...settings.flatMap((each) => ["-c", each])],
    { ...options, stdio: "ignore" },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const url = `postgres://postgres:test@127.0.0.1:${port}/postgres`;
  await untilReady(url);
  return {
    url,
    async stop() {
      server.kill("SIGINT");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: its package brings an account. */
async function serverAccount(): Promise<{ uid: number; gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = async (kind: string) => Number((await run("id", [kind, "postgres"])).stdout);
  return { uid: await idOf("-u"), gid: await idOf("-g") };
}

async function untilReady(url: string): Promise<void> {
  for (let tries = 200; ; tries -= 1) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      return await client.end();
    } catch (error) {
      if (tries === 0) throw error;
      await wait(50);
    }
  }
}
