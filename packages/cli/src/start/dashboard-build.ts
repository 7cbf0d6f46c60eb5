import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  accessSync,
  constants,
  existsSync,
  globSync,
  mkdirSync,
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
import { markServed, partOf, removeLeftovers, removeOldBuilds } from "./kept-builds.ts";

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

/**
 * The folder of the built dashboard. A build is named by the hash of its sources, so it is made
 * once for each state of them, is never half there, and neither changes nor goes under a running house.
 */
export async function dashboardBuild(folder: DataFolder, signal: AbortSignal): Promise<string> {
  const hash = hashOfSources();
  const places = [besideSources, join(folder.path, "dashboard")];
  // Before they are looked for: another house may be about to remove what is old.
  for (const place of places) markServed(join(place, hash), signal);
  const finished = places.find((place) => isFinished(join(place, hash)));
  if (finished) return join(finished, hash);

  const builds = places.find(canBeWritten) ?? besideSources;
  const wanted = join(builds, hash);
  markServed(wanted, signal);
  removeLeftovers(builds);
  const part = partOf(wanted);
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
  removeOldBuilds(builds);
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
