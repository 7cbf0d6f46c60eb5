import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { environmentOf, freeHousePorts, type HousePorts } from "../support/house.ts";
import { until } from "../support/until.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** Who may read the clone and not write there: root takes another's place, others are bound by its mode. */
const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

let base: string;
let clone: string;
let dataDir: string;
let ports: HousePorts;
let child: ChildProcess | undefined;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), "sunledger-clone-"));
  chmodSync(base, 0o755);
  clone = join(base, "clone");
  cloneSources();
  dataDir = join(base, "data");
  mkdirSync(dataDir);
  if (stranger.uid !== undefined) chownSync(dataDir, stranger.uid, stranger.gid);
  ports = await freeHousePorts();
});

afterEach(async () => {
  if (child && child.exitCode === null && child.kill("SIGINT")) await once(child, "exit");
  child = undefined;
});

afterAll(() => {
  writable(true);
  rmSync(base, { recursive: true, force: true });
});

describe("a house in a clone that its user may not write to", () => {
  test("builds the dashboard in its data folder and leaves the clone as it was", async () => {
    await start();

    expect(await page()).toContain("<html");
    expect(existsSync(join(clone, "dashboard/dist"))).toBe(false);
    expect(builds()).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  });

  test("uses the build that the clone's owner has made", async () => {
    const [build = ""] = builds();
    writable(true);
    mkdirSync(join(clone, "dashboard/dist"));
    renameSync(join(dataDir, "dashboard", build), join(clone, "dashboard/dist", build));
    writable(false);
    await start();

    expect(await page()).toContain("<html");
    expect(builds()).toEqual([]);
  });

  test("clears away what a killed build has left", async () => {
    writable(true);
    rmSync(join(clone, "dashboard/dist"), { recursive: true });
    writable(false);
    const left = join(dataDir, "dashboard", `${"0".repeat(16)}.part-4999999`);
    mkdirSync(left);
    if (stranger.uid !== undefined) chownSync(left, stranger.uid, stranger.gid);
    await start();

    expect(builds()).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
  });
});

/** The sources as they are, with the installed packages by a link: what `npm ci` would put there. */
function cloneSources(): void {
  const skipped = new Set(["node_modules", ".git", "dist"]);
  cpSync(root, clone, { recursive: true, filter: (path) => !skipped.has(basename(path)) });
  for (const folder of [".", "api", "dashboard"]) {
    const packages = join(root, folder, "node_modules");
    if (existsSync(packages)) symlinkSync(packages, join(clone, folder, "node_modules"));
  }
  writable(false);
}

function writable(is: boolean): void {
  execFileSync("chmod", ["-R", is ? "u+w" : "a-w", join(clone, "dashboard")]);
}

/** What was built into the data folder; beside it stands which build a running house serves. */
function builds(): string[] {
  return readdirSync(join(dataDir, "dashboard")).filter((name) => !name.includes(".served-by-"));
}

async function start(): Promise<void> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SUNLEDGER_|VITEST)/.test(name),
  );
  const env = { ...Object.fromEntries(inherited), HOME: dataDir, ...environmentOf(dataDir, ports) };
  const command = join(clone, "packages/cli/bin/sunledger.js");
  const started = spawn(process.execPath, [command, "start", "--empty"], {
    ...stranger,
    cwd: dataDir,
    env: { ...env, NODE_ENV: "" },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  child = started;
  let said = "";
  for (const stream of [started.stdout, started.stderr])
    stream.on("data", (text) => (said += text));
  await until("the house to be ready", () => {
    if (started.exitCode !== null) throw new Error(said);
    return said.includes("Ready in");
  });
  expect(readFileSync(join(dataDir, "house.json"), "utf8")).toContain('"empty"');
}

async function page(): Promise<string> {
  return (await fetch(`http://127.0.0.1:${ports.http}/`)).text();
}
