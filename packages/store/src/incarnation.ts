import { randomUUID } from "node:crypto";
import { Client } from "pg";

/**
 * Gives the frame store another name, signed in as its owner: after a restore, and whenever commits
 * may be missing. Gateways then send again what they still hold (D-15). Answers the new name.
 */
export async function renewIncarnation(ownerUrl: string): Promise<string> {
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const id = randomUUID();
    await client.query("update incarnation set id = $1", [id]);
    return id;
  } finally {
    await client.end();
  }
}
