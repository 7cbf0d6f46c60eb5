import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { workspace } from "../programs.ts";
import { viteFile } from "./dashboard-build.ts";
import type { DataFolder } from "./data-folder.ts";
import { openLog } from "./log-file.ts";
import { freePort } from "./ports.ts";

/** Ends a program that knows nothing of us when the channel between us closes. */
const endWithUs = 'data:text/javascript,process.once("disconnect",()=>process.exit(0))';

/** Vite's server: shows the dashboard's sources as they are edited. */
export async function startDevelopmentServer(folder: DataFolder, api: string) {
  const port = await freePort();
  const log = openLog(join(folder.logs, "vite.log"));
  const args = ["--import", endWithUs, viteFile(), "--port", String(port), "--strictPort"];
  const vite = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("dashboard/", workspace)),
    stdio: ["ignore", log, log, "ipc"],
    env: { ...process.env, SUNLEDGER_API: api },
    detached: process.platform !== "win32",
  });
  closeSync(log);
  const ended = once(vite, "exit");
  return {
    address: `http://127.0.0.1:${port}`,
    async stop() {
      vite.kill("SIGTERM");
      await ended;
    },
  };
}
