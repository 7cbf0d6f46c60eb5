import { readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** An account of the machine that the server runs as. */
export type SystemUser = { readonly name: string; readonly uid: number; readonly gid: number };

const preferred = ["sunledger", "postgres", "nobody"];

/**
 * The account the server must run as: PostgreSQL refuses root, so root lends it the first of these
 * accounts that exists. Everybody else runs it as themselves: `undefined`.
 */
export function serverUser(
  uid = process.getuid?.(),
  passwd = () => readFileSync("/etc/passwd", "utf8"),
): SystemUser | undefined {
  if (uid !== 0) return undefined;
  const accounts = accountsOf(passwd());
  for (const name of preferred) {
    const account = accounts.find(([found]) => found === name);
    if (account) return { name, uid: Number(account[2]), gid: Number(account[3]) };
  }
  throw new Error(
    `PostgreSQL does not run as root, and this machine has none of the accounts ${preferred.join(", ")}: add one with "useradd --system sunledger"`,
  );
}

/** What the machine calls the account of that number; `undefined` where it does not know it. */
export function accountName(uid: number): string | undefined {
  try {
    const accounts = accountsOf(readFileSync("/etc/passwd", "utf8"));
    return accounts.find(([, , found]) => found === String(uid))?.[0];
  } catch {
    return undefined;
  }
}

function accountsOf(passwd: string): string[][] {
  return passwd.split("\n").map((line) => line.split(":"));
}

/** Whether the account may enter the folder: every folder on the way lets it through. */
export async function canEnter(user: SystemUser, folder: string): Promise<boolean> {
  const path = resolve(folder);
  const { mode, uid, gid } = await stat(path);
  const [owner, group, others] = [mode & 0o100, mode & 0o010, mode & 0o001];
  const open = uid === user.uid ? owner : gid === user.gid ? group : others;
  if (!open) return false;
  return path === dirname(path) || canEnter(user, dirname(path));
}
