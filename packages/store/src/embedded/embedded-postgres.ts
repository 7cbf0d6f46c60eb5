import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openBinaries } from "./binaries.ts";
import { openDataFolder, superuser } from "./data-folder.ts";
import { openHome } from "./home.ts";
import { type Attempt, type Mastery, tryMastery } from "./mastery.ts";
import { openPasswords, type Passwords } from "./passwords.ts";
import { type Running, runningServer } from "./postmaster-file.ts";
import { isAlive } from "./processes.ts";
import { appRole, databaseName, ownerRole, provideRoles } from "./roles.ts";
import { type ServerProcess, spawnServer } from "./server-process.ts";
import { serverUser } from "./system-user.ts";
import { until } from "./until.ts";

/** A PostgreSQL server of our own, ready for `migrate` and then for the programs. */
export type EmbeddedPostgres = {
  /** Owns the tables: for `migrate` alone. */
  readonly ownerUrl: string;
  /** What the programs use; row-level security holds it. */
  readonly appUrl: string;
  /** Past every policy: for the server's own tools, as in a dump, and never for a program of ours. */
  readonly superuserUrl: string;
  readonly port: number;
  readonly pid: number;
  /**
   * Resolves when the server is lost, or this session that holds it: start again to have it back, and
   * then let this one go.
   */
  readonly lost: Promise<void>;
  /** Ends the watch over a server that was lost and started again: the new start has one of its own. */
  letGo(): void;
  /** The folder that holds its data, passwords and log. */
  readonly folder: string;
  /** What it writes; it grows without bound unless it is emptied, which may be done at any time. */
  readonly logFile: string;
  /** Stops it at once but cleanly, and waits until it has stopped. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  readonly dataDir: string;
  /** Where it listens on 127.0.0.1; any free port when absent. */
  readonly port?: number;
  readonly log: { info(fields: object, message: string): void };
  /** Who starts it, in words: named to a second starter that is turned away. */
  readonly name: string;
  /**
   * Whether its data may be moved, or given to the account that the server runs as, where it cannot be
   * run else; absent: it is refused.
   */
  readonly mayMove?: boolean;
};

/** Recovery after a crash may have gigabytes to read. */
const longestStartMs = 300_000;
const longestStopMs = 60_000;
/** How soon the server notices that a client's process is gone. */
const sessionEndMs = 1_500;

/**
 * Starts PostgreSQL over the data folder, or adopts the server that a starter which died has left.
 * Throws one sentence when the folder is in use, of another version, or not to be written to.
 * A watchdog stops the server when this process dies without calling `stop`.
 */
export async function startEmbeddedPostgres({
  dataDir,
  port,
  log,
  name,
  mayMove = false,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const user = serverUser();
  const home = await openHome(dataDir, user, { mayMove });
  const binaries = await openBinaries(user, home.copies);
  const passwords = await openPasswords(home.folder);
  const data = await openDataFolder(home.folder, binaries, user, passwords.superuser);
  const logFile = join(home.folder, "postgres.log");

  const adopted = await adopt(data, passwords, name);
  const server = adopted ?? (await start());
  log.info({ pid: server.pid, port: server.port, folder: home.folder }, "database runs");

  async function start(): Promise<Mastered> {
    const spawned = await spawnServer(binaries.postgres, data, user, logFile, port);
    const { pid } = spawned;
    const watchdog = spawnWatchdog(pid, data);
    try {
      const mastery = await masteryOfNew(spawned.port, spawned.ended, passwords, name);
      return { pid, port: spawned.port, mastery, watchdog };
    } catch (error) {
      await endServer(pid, watchdog);
      const reason = error instanceof Error ? error.message : String(error);
      const words = await spawned.lastWords();
      throw new Error(`PostgreSQL could not start: ${reason}${words && `: ${words}`}`);
    }
  }

  try {
    await provideRoles(server.mastery.client, passwords);
  } catch (error) {
    await stopServer(server);
    throw error;
  }

  const urlOf = (role: string, password: string) =>
    `postgres://${role}:${password}@127.0.0.1:${server.port}/${databaseName}`;
  return {
    ownerUrl: urlOf(ownerRole, passwords.owner),
    appUrl: urlOf(appRole, passwords.app),
    superuserUrl: urlOf(superuser, passwords.superuser),
    port: server.port,
    pid: server.pid,
    lost: new Promise((resolve) => server.mastery.client.once("end", () => resolve())),
    letGo: () => server.watchdog.release(),
    folder: home.folder,
    logFile,
    stop: () => stopServer(server),
  };
}

type Mastered = Running & { readonly mastery: Mastery; readonly watchdog: Watchdog };
type Watchdog = { release(): void };

/** The server that already runs over the data, if its starter is gone. */
async function adopt(
  data: string,
  passwords: Passwords,
  name: string,
): Promise<Mastered | undefined> {
  let running: Running | undefined;
  let last: Attempt | undefined;
  const ask = async (wait: Attempt["state"]) => {
    running = await runningServer(data);
    if (running) last = await tryMastery(running.port, passwords.superuser, name);
    return !running || last?.state !== wait;
  };
  // One that starts up or shuts down is waited for; so is the session of a starter that just died.
  await until(() => ask("away"), longestStartMs);
  if (last?.state === "taken") await until(() => ask("taken"), sessionEndMs);
  if (!running) return undefined;
  if (last?.state === "away")
    throw new Error(`the server over ${data} (process ${running.pid}) does not answer`);
  if (last?.state === "taken") {
    throw new Error(`the database in ${data} is already running, started by ${last.by}`);
  }
  if (last?.state !== "master") return undefined;
  return { ...running, mastery: last.mastery, watchdog: spawnWatchdog(running.pid, data) };
}

async function masteryOfNew(
  port: number,
  ended: ServerProcess["ended"],
  passwords: Passwords,
  name: string,
): Promise<Mastery> {
  let last: Attempt | undefined;
  await until(async () => {
    if (ended() !== undefined) return true;
    last = await tryMastery(port, passwords.superuser, name);
    return last.state !== "away";
  }, longestStartMs);
  if (last?.state === "master") return last.mastery;
  if (last?.state === "taken") throw new Error(`${last.by} was faster`);
  throw new Error(ended() ?? last?.error.message ?? "it does not answer");
}

function spawnWatchdog(pid: number, data: string): Watchdog {
  const script = fileURLToPath(new URL("./watchdog.ts", import.meta.url));
  const child = spawn(process.execPath, [script, String(pid), data], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.on("error", () => {});
  child.stdin.on("error", () => {});
  child.unref();
  // A pipe of a child is a socket: it must not keep a program alive that has nothing else to do.
  if (child.stdin instanceof Socket) child.stdin.unref();
  return { release: () => void child.stdin.end("released") };
}

async function stopServer({ pid, mastery, watchdog }: Mastered): Promise<void> {
  await mastery.release();
  await endServer(pid, watchdog);
}

/** A fast shutdown: clients are sent away, everything is written. SIGTERM would wait for the clients. */
async function endServer(pid: number, watchdog: Watchdog): Promise<void> {
  if (pid > 0 && (await isAlive(pid))) process.kill(pid, "SIGINT");
  const stopped = await until(async () => pid === 0 || !(await isAlive(pid)), longestStopMs);
  watchdog.release();
  if (!stopped) throw new Error(`PostgreSQL (process ${pid}) did not stop`);
}
