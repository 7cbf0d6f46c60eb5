import { spawn } from "node:child_process";
import { messageOf, PlainError } from "../plain-error.ts";

/**
 * Runs a tool in this terminal that takes its database from PGHOST and its kind, and answers its exit
 * code. Ctrl-C is the tool's: it reaches both of us, and we wait for what it does about it.
 */
export async function runTool(
  tool: string,
  args: readonly string[],
  databaseUrl: string,
): Promise<number> {
  const child = spawn(tool, args, {
    stdio: "inherit",
    env: { ...process.env, ...environmentOf(databaseUrl) },
  });
  const stay = () => {};
  const handOn = () => void child.kill("SIGTERM");
  process.on("SIGINT", stay).on("SIGTERM", handOn).on("SIGHUP", handOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error: NodeJS.ErrnoException) => {
        const absent = "it is not installed; it comes with PostgreSQL's client programs";
        const reason = error.code === "ENOENT" ? absent : messageOf(error);
        reject(new PlainError(`Cannot run ${tool}: ${reason}.`));
      });
      child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 1)));
    });
  } finally {
    process.off("SIGINT", stay).off("SIGTERM", handOn).off("SIGHUP", handOn);
  }
}

function environmentOf(databaseUrl: string): Record<string, string> {
  const { hostname, port, pathname, username, password } = new URL(databaseUrl);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGDATABASE: pathname.slice(1),
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
  };
}
