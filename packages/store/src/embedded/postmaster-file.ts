import { readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { isAlive, isListed, isServerOf, somebodyWorksIn } from "./processes.ts";
import { until } from "./until.ts";

/** A server that already runs over a data folder. */
export type Running = { readonly pid: number; readonly port: number };

/**
 * The server that runs over the data folder, by its `postmaster.pid`. A file left behind by a
 * server that is gone is taken away where PostgreSQL would be misled by it: when its number now
 * names another process, or a dead one that nobody has reaped.
 */
export async function runningServer(data: string): Promise<Running | undefined> {
  const file = join(data, "postmaster.pid");
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  if (text === undefined) return undefined;
  const lines = text.split("\n");
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  if ((await isAlive(pid)) && (await isServerOf(pid, data))) return { pid, port };

  // The processes that a killed server leaves behind hold its port and memory until they notice.
  const gone = await until(async () => !isListed(pid), 2_000);
  const deserted = await until(async () => !(await somebodyWorksIn(data)), 2_000);
  if (gone) return undefined; // What else is in the way PostgreSQL sees itself.
  if (!deserted) {
    const isServer = port > 0 && (await isOpen(port));
    const user = isServer ? `a server on port ${port} that is not ours` : "another process";
    throw new Error(`the data in ${data} are in use by ${user}`);
  }
  await rm(file, { force: true });
  return undefined;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    const answer = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => answer(true));
    socket.once("error", () => answer(false));
  });
}
