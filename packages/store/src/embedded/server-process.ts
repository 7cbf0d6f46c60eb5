import { spawn } from "node:child_process";
import { closeSync, fstatSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";
import { serverEnvironment } from "./data-folder.ts";
import { graveWords } from "./grave-words.ts";
import type { SystemUser } from "./system-user.ts";

/** A server that was just started. */
export type ServerProcess = {
  readonly pid: number;
  readonly port: number;
  /** Why it ended, once it has. */
  ended(): string | undefined;
  /** Why it ended as far as its log and its disk tell, as one line; empty when it wrote nothing. */
  lastWords(): Promise<string>;
};

/**
 * Starts the server in a process group of its own, so that the Ctrl-C of a terminal does not reach
 * it before the programs that use it; it writes to a file, so that it never meets a broken pipe, and
 * appends there, so that the file may be emptied while it runs.
 */
export async function spawnServer(
  postgres: string,
  data: string,
  user: SystemUser | undefined,
  logFile: string,
  wantedPort?: number,
): Promise<ServerProcess> {
  const port = wantedPort ?? (await freePort());
  const log = openSync(logFile, "a", 0o600);
  const { size: logFrom } = fstatSync(log);
  const child = spawn(
    postgres,
    [
      ...["-D", data, "-p", String(port)],
      ...["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    ],
    {
      cwd: "/",
      env: serverEnvironment,
      detached: true,
      stdio: ["ignore", log, log],
      ...(user && { uid: user.uid, gid: user.gid }),
    },
  );
  closeSync(log);
  let ended: string | undefined;
  child.on("error", (error) => {
    ended = error.message;
  });
  child.on("exit", (code, signal) => {
    ended = `ended with ${signal ?? `status ${code}`}`;
  });
  child.unref();
  return {
    pid: child.pid ?? 0,
    port,
    ended: () => ended,
    lastWords: () => lastWords(logFile, logFrom),
  };
}

/** What stands in front of `from` a server before this one has written. */
async function lastWords(logFile: string, from: number): Promise<string> {
  const log = await readFile(logFile).catch(() => Buffer.alloc(0));
  const own = log.subarray(from > log.length ? 0 : from).toString(); // emptied since
  return graveWords(own, dirname(logFile));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
