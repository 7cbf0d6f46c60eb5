import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PlainError } from "../plain-error.ts";
import { workspace } from "../programs.ts";
import type { DataFolder } from "./data-folder.ts";

const sources = [
  "dashboard/index.html",
  "dashboard/package.json",
  "dashboard/public/**/*",
  "dashboard/src/**/*",
  "dashboard/vite.config.ts",
  "packages/model/package.json",
  "packages/model/src/**/*",
  "package-lock.json",
];
const keptBuilds = 2;

/**
 * The folder of the built dashboard. A build is named by the hash of its sources, so it is made
 * once for each state of them, is never half there, and never changes under a running house.
 */
export async function dashboardBuild(folder: DataFolder, signal: AbortSignal): Promise<string> {
  const hash = hashOfSources();
  const places = [besideSources, join(folder.path, "dashboard")];
  const finished = places.find((place) => isFinished(join(place, hash)));
  if (finished) return join(finished, hash);

  const builds = places.find(canBeWritten) ?? besideSources;
  const wanted = join(builds, hash);
  removeLeftovers(builds);
  const part = `${wanted}.part-${process.pid}`;
  try {
    await build(part, signal);
    // Another house may have made the same build meanwhile, and serve it.
    if (!isFinished(wanted)) {
      rmSync(wanted, { recursive: true, force: true });
      renameSync(part, wanted);
    }
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  removeOldBuilds(builds, wanted);
  return wanted;
}

function isFinished(build: string): boolean {
  return existsSync(join(build, "index.html"));
}

/** Where builds are made, unless the sources are somebody else's: then it is the data folder. */
const besideSources = fileURLToPath(new URL("dashboard/dist/", workspace));

function canBeWritten(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** What builds that were killed have left. */
function removeLeftovers(builds: string): void {
  for (const name of readdirSync(builds)) {
    const pid = Number(/^[0-9a-f]{16}\.part-(\d+)$/.exec(name)?.[1]);
    if (pid && !isAlive(pid)) rmSync(join(builds, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function hashOfSources(): string {
  const cwd = fileURLToPath(workspace);
  const files = globSync(sources, { cwd }).filter((file) => statSync(join(cwd, file)).isFile());
  const hash = createHash("sha256");
  for (const file of files.filter((name) => !/\.test\.tsx?$/.test(name)).sort()) {
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(cwd, file)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

async function build(outDir: string, signal: AbortSignal): Promise<void> {
  const cwd = fileURLToPath(new URL("dashboard/", workspace));
  const vite = spawn(
    process.execPath,
    // Read natively: Vite would else write its own configuration, bundled, into node_modules.
    [
      ...[viteFile(), "build", "--configLoader", "native"],
      ...["--outDir", outDir, "--emptyOutDir", "--logLevel", "warn"],
    ],
    { cwd, stdio: ["ignore", "pipe", "pipe"], signal, detached: process.platform !== "win32" },
  );
  let said = "";
  for (const stream of [vite.stdout, vite.stderr]) stream.on("data", (text) => (said += text));
  const [code] = await once(vite, "close");
  if (code === 0) return;
  throw new PlainError(`The dashboard could not be built: ${said.trim() || `exit code ${code}`}`);
}

/** Vite's command, found from the dashboard, which alone depends on it. */
export function viteFile(): string {
  const require = createRequire(new URL("dashboard/package.json", workspace));
  return join(require.resolve("vite/package.json"), "..", "bin", "vite.js");
}

function removeOldBuilds(builds: string, current: string): void {
  const others = readdirSync(builds, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^[0-9a-f]{16}$/.test(entry.name))
    .map((entry) => join(builds, entry.name))
    .filter((build) => build !== current)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const build of others.slice(keptBuilds - 1)) rmSync(build, { recursive: true, force: true });
}
