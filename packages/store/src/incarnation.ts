import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { inSession } from "./session.ts";

/**
 * Gives the frame store another name, signed in as its owner: after a restore, and whenever commits
 * may be missing. Gateways then send again what they still hold (D-15). Answers the new name.
 */
export async function renewIncarnation(ownerUrl: string): Promise<string> {
  return inSession(ownerUrl, "sunledger-incarnation", giveIncarnation);
}

/** The same in a session of the owner's. */
export async function giveIncarnation(client: Pick<Client, "query">): Promise<string> {
  const id = randomUUID();
  await client.query("update incarnation set id = $1", [id]);
  return id;
}
