import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import type { Role } from "@sunledger/model";
import { programFile } from "../programs.ts";
import { lastWordsOf } from "./log-file.ts";

export type WantedUser = {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: Role;
  readonly organisation: string;
};

/** Has the api's own program add the users who are not there yet: only it knows how passwords are kept. */
export async function createUsers(
  users: readonly WantedUser[],
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(process.execPath, [programFile("createUser")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...env },
    detached: process.platform !== "win32",
  });
  child.stdin.end(JSON.stringify(users));
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0)
    throw new Error(`The users could not be made: ${lastWordsOf(said) ?? `exit code ${code}`}`);
}
