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
  stat,
} from "node:fs/promises";
import { basename, join } from "node:path";
import {
  claimedElsewhere,
  keepOwner,
  keepPointer,
  makeHouseId,
  type Owner,
  readHouseId,
  readOwner,
  readPointer,
} from "./house-mark.ts";
import { accountName, canEnter, type SystemUser } from "./system-user.ts";

/** Where accounts without a way into the data folder find the server's files. */
const reachableBase = "/var/lib/sunledger";

/** The folder that holds the server's data (`server`), its passwords and its log. */
export type Home = {
  readonly folder: string;
  /** Where copies of the programs may lie. */
  readonly copies: string;
};

type Opening = {
  readonly base?: string;
  /** Whether data may go to another place or another account, so that the server can be run. */
  readonly mayMove: boolean;
};

/**
 * The data folder itself, or a folder of its own below `/var/lib/sunledger` when the account that
 * runs the server has no way into it. Data once moved there stay there, and go with their data folder
 * wherever that is moved: both bear the id of their house. Throws one sentence when they do not match,
 * and before anything is touched when the data are another account's.
 */
export async function openHome(
  dataDir: string,
  user: SystemUser | undefined,
  { base = reachableBase, mayMove }: Opening,
): Promise<Home> {
  await makeFolder(dataDir, user ? 0o755 : 0o700);
  const wanted = await realpath(dataDir);
  const named = await readPointer(wanted);
  if (!user) {
    if (named === undefined) return { folder: wanted, copies: wanted };
    throw new Error(
      `the database of ${wanted} is in ${named}: start it as root, who keeps it there`,
    );
  }
  await requireOwnData(wanted, user);
  const house = await readHouseId(wanted);
  if (named === undefined && house === undefined && (await canEnter(user, wanted))) {
    if ((await ownerOf(serverIn(wanted))) === root) {
      requireLeave(mayMove, `given to the account ${user.name}`, wanted);
      await giveTo(user, serverIn(wanted));
    }
    return { folder: wanted, copies: base };
  }
  if (named === undefined && (await exists(serverIn(wanted)))) {
    requireLeave(mayMove, `moved, as ${user.name} may not enter that folder`, wanted);
  }
  await makeFolder(base, 0o755);
  const home =
    named === undefined
      ? await newHome(wanted, house, base)
      : await knownHome(wanted, house, named, base);
  await moveData(wanted, home, user);
  await keepPointer(wanted, home, user.name);
  return { folder: home, copies: base };
}

const root = 0;
const serverIn = (folder: string) => join(folder, "server");

/** Data that an account other than root runs by itself are its own: it could not use them any more. */
async function requireOwnData(wanted: string, user: SystemUser): Promise<void> {
  const owner = await ownerOf(serverIn(wanted));
  if (owner === undefined || owner === root || owner === user.uid) return;
  throw new Error(
    `the database in ${wanted} is of the account ${accountName(owner) ?? owner}: run this as that ` +
      `account, or hand it over first ("chown -R ${user.name} ${serverIn(wanted)}")`,
  );
}

async function ownerOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.uid;
}

function requireLeave(mayMove: boolean, what: string, wanted: string): void {
  if (mayMove) return;
  throw new Error(
    `the database in ${wanted} has to be ${what}: "sunledger start" does that, and nothing else`,
  );
}

/** A home that nobody had before, or the one that a first start cut short has begun. */
async function newHome(wanted: string, begun: string | undefined, base: string): Promise<string> {
  const house = begun ?? (await makeHouseId(wanted));
  const home = join(base, `${basename(wanted)}-${house}`);
  const owner = await readOwner(home);
  if (owner) await requireSole(home, owner, wanted);
  await makeFolder(home, 0o755);
  await keepOwner(home, { house, folder: wanted });
  return home;
}

/** The home that the data folder names, if it is that house's. */
async function knownHome(
  wanted: string,
  house: string | undefined,
  home: string,
  base: string,
): Promise<string> {
  if (!(await exists(home))) {
    throw new Error(
      `the database of ${wanted} is gone from ${home}: restore that folder from a backup, ` +
        `or move ${wanted} aside to begin with an empty one`,
    );
  }
  const owner = await readOwner(home);
  if (owner) {
    if (owner.house !== house) {
      throw new Error(
        `${wanted} names the database in ${home}, which belongs to another house, last in ` +
          `${owner.folder}: restore the whole data folder from one backup, or choose another`,
      );
    }
    await requireSole(home, owner, wanted);
  } else if (home !== join(base, formerName(wanted))) {
    throw new Error(
      `the database in ${home} does not bear the id of ${wanted}: if that folder was moved, ` +
        "move it back to where it was, start it there once, and then move it again",
    );
  }
  await keepOwner(home, { house: house ?? (await makeHouseId(wanted)), folder: wanted });
  return home;
}

/** A data folder that was copied must not share its database with the one it was copied from. */
async function requireSole(home: string, owner: Owner, wanted: string): Promise<void> {
  if (!(await claimedElsewhere(owner, wanted))) return;
  throw new Error(
    `${wanted} is a copy of ${owner.folder}, whose database is in ${home}: start that one, or remove ` +
      "it if this copy is to go on with its database",
  );
}

/** The name of a home before houses had ids. */
function formerName(folder: string): string {
  const hash = createHash("sha256").update(folder).digest("hex").slice(0, 8);
  return `${basename(folder)}-${hash}`;
}

/** Data that were made here while the folder could still be entered go along. */
async function moveData(from: string, to: string, user: SystemUser): Promise<void> {
  if (!(await exists(serverIn(from))) || (await exists(serverIn(to)))) return;
  const part = join(to, "server.part");
  await rm(part, { recursive: true, force: true });
  await cp(serverIn(from), part, { recursive: true, verbatimSymlinks: true });
  await giveTo(user, part);
  await cp(join(from, "passwords.json"), join(to, "passwords.json"));
  await chmod(join(to, "passwords.json"), 0o600);
  await rename(part, serverIn(to));
  await rename(serverIn(from), join(from, "server.moved"));
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
