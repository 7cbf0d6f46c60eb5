import { execFile } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What runs, to the last version. */
export const versions = {
  "node-red": "5.0.7",
  "node-red-contrib-modbus": "5.60.2",
  /**
   * What the Modbus nodes read through. They ask for a fork of it that lies outside the npm registry;
   * this is what was forked.
   */
  "modbus-serial": "8.0.25",
} as const;

const manifest = {
  private: true,
  dependencies: {
    "node-red": versions["node-red"],
    "node-red-contrib-modbus": versions["node-red-contrib-modbus"],
  },
  overrides: { "@openp4nr/modbus-serial": `npm:modbus-serial@${versions["modbus-serial"]}` },
};

/** The folder that has them, in the user's cache; they are fetched at first use. */
export async function installedNodeRed(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(cache, "sunledger", `node-red-${Object.values(versions).join("-")}`);
  const done = join(folder, "installed");
  if (existsSync(done)) return folder;
  process.stderr.write(`installing Node-RED into ${folder}\n`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", "--prefix", folder, ...flags], { cwd: folder });
  writeFileSync(done, "");
  return folder;
}
