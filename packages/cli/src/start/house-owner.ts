import { statSync } from "node:fs";
import { join } from "node:path";
import { accountName } from "@sunledger/store";
import { PlainError } from "../plain-error.ts";
import type { DataFolder } from "./data-folder.ts";

const root = 0;

/**
 * Refuses root the house of another account: what root makes and moves there, its owner could not use
 * again. The house is whose secrets it has, as every start writes them anew.
 */
export function requireOwnHouse({ path }: DataFolder, uid = process.getuid?.()): void {
  if (uid !== root) return;
  const owner = statSync(join(path, "secrets.json"), { throwIfNoEntry: false })?.uid ?? root;
  if (owner === root) return;
  const name = accountName(owner);
  const account = name ?? `'#${owner}'`;
  throw new PlainError(
    `The data folder ${path} is of the account ${name ?? owner}: run this as that account ` +
      `("sudo -u ${account} npx sunledger …"), or hand it over first ("chown -R root ${path}").`,
  );
}
