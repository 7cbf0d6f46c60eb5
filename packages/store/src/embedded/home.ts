import { createHash } from "node:crypto";
import {
  access,
  chmod,
  chown,
  constants,
  cp,
  mkdir,
  readdir,
  realpath,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { canEnter, type SystemUser } from "./system-user.ts";

/** Where accounts without a way into the data folder find the server's files. */
const reachableBase = "/var/lib/sunledger";

/** The folder that holds the server's data (`server`), its passwords and its log. */
export type Home = {
  readonly folder: string;
  /** Where copies of the programs may lie. */
  readonly copies: string;
};

/**
 * The data folder itself, or a folder of its own below `/var/lib/sunledger` when the account that
 * runs the server has no way into it. Data once moved there stay there.
 */
export async function openHome(
  dataDir: string,
  user: SystemUser | undefined,
  base = reachableBase,
): Promise<Home> {
  await makeFolder(dataDir, user ? 0o755 : 0o700);
  const wanted = await realpath(dataDir);
  if (!user) return { folder: wanted, copies: wanted };

  const moved = join(base, nameOf(wanted));
  if (!(await exists(join(moved, "server"))) && (await canEnter(user, wanted))) {
    return { folder: wanted, copies: base };
  }
  await makeFolder(base, 0o755);
  await makeFolder(moved, 0o755);
  await moveData(wanted, moved, user);
  await writeFile(
    join(wanted, "where-the-database-is.txt"),
    `PostgreSQL runs as ${user.name}, who may not enter this folder. Its data are in ${moved}\n`,
  );
  return { folder: moved, copies: base };
}

function nameOf(folder: string): string {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  return `${basename(folder)}-${hash}`;
}

/** Data that were made here while the folder could still be entered go along. */
async function moveData(from: string, to: string, user: SystemUser): Promise<void> {
  if (!(await exists(join(from, "server"))) || (await exists(join(to, "server")))) return;
  const part = join(to, "server.part");
  await rm(part, { recursive: true, force: true });
  await cp(join(from, "server"), part, { recursive: true, verbatimSymlinks: true });
  await giveTo(user, part);
  await cp(join(from, "passwords.json"), join(to, "passwords.json"));
  await chmod(join(to, "passwords.json"), 0o600);
  await rename(part, join(to, "server"));
  await rename(join(from, "server"), join(from, "server.moved"));
}

/** Makes the account the owner of a folder and all that is in it. */
async function giveTo({ uid, gid }: SystemUser, folder: string): Promise<void> {
  await chown(folder, uid, gid);
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await chown(join(entry.parentPath, entry.name), uid, gid);
  }
}

async function makeFolder(folder: string, mode: number): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw new Error(`the data folder ${folder} cannot be written to`, { cause });
  }
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
