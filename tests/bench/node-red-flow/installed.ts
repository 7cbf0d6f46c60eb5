import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * What runs, to the last version. The Modbus nodes ask for a fork of modbus-serial that lies outside the npm
 * registry; in its place they have what was forked.
 */
const peer = join(import.meta.dirname, "../peers/node-red");
const files = ["package.json", "package-lock.json"] as const;

type Manifest = { readonly dependencies: Readonly<Record<string, string>> };

const { dependencies }: Manifest = JSON.parse(readFileSync(join(peer, files[0]), "utf8"));
export const versions = dependencies;

/** The folder that has them, in the user's cache; they are fetched at first use. */
export async function installedNodeRed(): Promise<string> {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(peer, file)));
  const folder = join(cache, "sunledger", `node-red-${hash.digest("hex").slice(0, 12)}`);
  const done = join(folder, "installed");
  if (existsSync(done)) return folder;
  process.stderr.write(`installing Node-RED into ${folder}\n`);
  mkdirSync(folder, { recursive: true });
  for (const file of files) copyFileSync(join(peer, file), join(folder, file));
  const flags = ["--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["ci", ...flags], { cwd: folder });
  writeFileSync(done, "");
  return folder;
}
