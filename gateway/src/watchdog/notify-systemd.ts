import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const withinMs = 5_000;

/**
 * Tells the service manager behind that socket of a state, `READY=1` for one (sd_notify(3)). By the
 * program that comes with systemd, since Node knows no datagrams on a UNIX socket; hence
 * `NotifyAccess=all`. Rejects when it could not be said.
 */
export async function notifySystemd(socket: string, state: string): Promise<void> {
  const env = { PATH: process.env.PATH, NOTIFY_SOCKET: socket };
  await run("systemd-notify", [state], { env, timeout: withinMs });
}
