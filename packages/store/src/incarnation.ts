import { randomUUID } from "node:crypto";
import { inSession } from "./session.ts";

/**
 * Gives the frame store another name, signed in as its owner: after a restore, and whenever commits
 * may be missing. Gateways then send again what they still hold (D-15). Answers the new name.
 */
export async function renewIncarnation(ownerUrl: string): Promise<string> {
  return inSession(ownerUrl, "sunledger-incarnation", async (client) => {
    const id = randomUUID();
    await client.query("update incarnation set id = $1", [id]);
    return id;
  });
}
