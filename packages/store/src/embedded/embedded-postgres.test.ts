import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startEmbeddedPostgres } from "./embedded-postgres.ts";
import { isAlive } from "./processes.ts";
import { serverUser } from "./system-user.ts";
import { until } from "./until.ts";

const log = { info: () => {} };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-postgres-"));
  await chmod(folder, 0o755);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("the embedded PostgreSQL", { timeout: 60_000 }, () => {
  test("keeps its data from one start to the next", async () => {
    const first = await startEmbeddedPostgres({ dataDir: folder, log, name: "first" });
    await query(first.ownerUrl, "create table kept as select 42 as answer");
    await first.stop();

    const second = await startEmbeddedPostgres({ dataDir: folder, log, name: "second" });
    const rows = await query(second.ownerUrl, "select answer from kept");
    await second.stop();

    expect(rows).toEqual([{ answer: 42 }]);
  });

  test("has roles that row-level security holds, checksums and fsync", async () => {
    const server = await startEmbeddedPostgres({ dataDir: folder, log, name: "test" });
    const roles = await query(
      server.appUrl,
      `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
        where rolname like 'sunledger%' order by 1`,
    );
    const settings = await query(
      server.appUrl,
      "select current_setting('data_checksums') as sums, current_setting('fsync') as fsync",
    );
    await server.stop();

    const powerless = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
    };
    expect(roles).toEqual([
      { rolname: "sunledger_app", ...powerless },
      { rolname: "sunledger_owner", ...powerless },
    ]);
    expect(settings).toEqual([{ sums: "on", fsync: "on" }]);
  });

  test("keeps its passwords to the folder's owner", async () => {
    const server = await startEmbeddedPostgres({ dataDir: folder, log, name: "test" });
    await server.stop();

    const { mode } = await stat(join(folder, "passwords.json"));
    expect(mode & 0o777).toBe(0o600);
    await expect(access(join(folder, "initdb-password"))).rejects.toThrow();
  });

  test("turns a second starter away and names the first", async () => {
    const server = await startEmbeddedPostgres({ dataDir: folder, log, name: "the first one" });
    const second = startEmbeddedPostgres({ dataDir: folder, log, name: "second" });

    await expect(second).rejects.toThrow("already running, started by the first one");
    await server.stop();
  });

  test("ends with the program that started it, however that dies", async () => {
    const { starter, pid } = await startElsewhere(folder);

    starter.kill("SIGKILL");

    expect(await until(async () => !(await isAlive(pid)), 5_000)).toBe(true);
    expect(await readFile(join(folder, "postgres.log"), "utf8")).toContain(
      "received fast shutdown request",
    );
  });

  test("is adopted when the starter and the watchdog are both gone", async () => {
    const { starter, pid, watchdog } = await startElsewhere(folder);
    process.kill(watchdog, "SIGKILL");
    starter.kill("SIGKILL");
    await once(starter, "exit");

    const adopted = await startEmbeddedPostgres({ dataDir: folder, log, name: "heir" });

    expect(await isAlive(pid)).toBe(true);
    await query(adopted.appUrl, "select 1");
    await adopted.stop();
    expect(await isAlive(pid)).toBe(false);
  });

  test("recovers what a killed server has left", async () => {
    const { starter, pid, watchdog } = await startElsewhere(folder);
    process.kill(watchdog, "SIGKILL");
    process.kill(pid, "SIGKILL");
    starter.kill("SIGKILL");

    const next = await startEmbeddedPostgres({ dataDir: folder, log, name: "next" });
    await query(next.appUrl, "select 1");
    await next.stop();
  });

  test("is not misled by a process that has the number of a server long gone", async () => {
    const first = await startEmbeddedPostgres({ dataDir: folder, log, name: "first" });
    await first.stop();
    const user = serverUser();
    const stranger = spawn("sleep", ["60"], user ? { uid: user.uid, gid: user.gid } : {});
    const data = join(folder, "server");
    await writeFile(
      join(data, "postmaster.pid"),
      `${stranger.pid}\n${data}\n0\n1\n\n127.0.0.1\n        0         0\nready   \n`,
    );

    const second = await startEmbeddedPostgres({ dataDir: folder, log, name: "second" });
    await query(second.appUrl, "select 1");
    await second.stop();
    stranger.kill("SIGKILL");
  });

  test("refuses data of another major version and names the commands to run", async () => {
    const first = await startEmbeddedPostgres({ dataDir: folder, log, name: "first" });
    await first.stop();
    await writeFile(join(folder, "server", "PG_VERSION"), "17\n");

    await expect(startEmbeddedPostgres({ dataDir: folder, log, name: "new" })).rejects.toThrow(
      /written by PostgreSQL 17 and this build brings 18: .*"npx sunledger database pg_dump .*pg_restore /,
    );
  });

  test("says with the server's last words why it did not start", async () => {
    const first = await startEmbeddedPostgres({ dataDir: folder, log, name: "first" });
    await first.stop();
    await writeFile(join(folder, "server", "postgresql.conf"), "shared_buffers = sunshine\n");

    await expect(startEmbeddedPostgres({ dataDir: folder, log, name: "test" })).rejects.toThrow(
      /could not start: .*shared_buffers/,
    );
  });
});

// Nobody else can close a folder to the account that the server runs as.
if (process.getuid?.() === 0) {
  test("root runs it from a folder that other accounts cannot enter", {
    timeout: 60_000,
  }, async () => {
    const closed = join(folder, "closed");
    await mkdir(closed, { mode: 0o700 });

    const server = await startEmbeddedPostgres({ dataDir: join(closed, "data"), log, name: "x" });
    await query(server.appUrl, "select 1");
    await server.stop();

    expect(server.folder.startsWith(closed)).toBe(false);
    expect(await readFile(join(closed, "data", "where-the-database-is.txt"), "utf8")).toContain(
      server.folder,
    );
    await rm(server.folder, { recursive: true });
  });
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

/** Starts the server from a process of its own, as the supervisor does. */
async function startElsewhere(
  dataDir: string,
): Promise<{ starter: ChildProcess; pid: number; watchdog: number }> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve("./embedded-postgres.ts"))};
    await startEmbeddedPostgres({
      dataDir: ${JSON.stringify(dataDir)},
      name: "elsewhere",
      log: { info: ({ pid }) => console.log(pid) },
    });
    setInterval(() => {}, 60_000);
  `;
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(starter.stdout), "line");
  return { starter, pid: Number(line), watchdog: await watchdogOf(dataDir) };
}

async function watchdogOf(dataDir: string): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-ww", "-eo", "pid,command"]);
  const line = stdout.split("\n").find((l) => l.includes("watchdog.ts") && l.includes(dataDir));
  return Number.parseInt(line ?? "", 10);
}
