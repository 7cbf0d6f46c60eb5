import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts } from "../../support/free-ports.ts";

export type NodeRed = { readonly pid: number; stop(): Promise<void> };

/** Starts Node-RED on a flow, with a folder of its own; resolves when it has started the flow. */
export async function startNodeRed(
  installed: string,
  folder: string,
  flow: readonly object[],
): Promise<NodeRed> {
  const settings = {
    ...{ uiHost: "127.0.0.1", uiPort: await freePorts(1), flowFile: "flows.json" },
    ...{ credentialSecret: false, telemetry: { enabled: false }, editorTheme: { tours: false } },
    logging: { console: { level: "info", metrics: false, audit: false } },
  };
  writeFileSync(join(folder, "settings.js"), `module.exports = ${JSON.stringify(settings)};\n`);
  writeFileSync(join(folder, "flows.json"), JSON.stringify(flow));
  const program = join(installed, "node_modules/node-red/red.js");
  const child = spawn(process.execPath, [program, "--userDir", folder], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH ?? "", NODE_ENV: "production", HOME: folder },
  });
  const ended = once(child, "exit");
  let said = "";
  const started = new Promise<boolean>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => {
        if (said.includes("Started flows")) return;
        said += text;
        if (said.includes("Started flows")) resolve(true);
      });
    }
    void ended.then(() => resolve(false));
  });
  if (!(await started)) throw new Error(`Node-RED did not start: ${said}`);
  return {
    pid: child.pid ?? 0,
    async stop() {
      // It takes leave of each connection in turn; nothing of it is kept.
      child.kill("SIGKILL");
      await ended;
    },
  };
}
