import { randomUUIDv7 } from "node:crypto";
import { type Database, inTransactionTakenBack } from "../database.ts";

/**
 * The id of the organisation of that name; `undefined` when there is none, and none is made. No role
 * of a program sees an organisation before it knows its id, and the one question that answers a name
 * makes what is absent: asked within a transaction that is taken back, it leaves nothing behind.
 */
export async function findOrganisation(
  { pool }: Database,
  name: string,
): Promise<string | undefined> {
  const fresh = randomUUIDv7();
  const { rows } = await inTransactionTakenBack(pool, (client) =>
    client.query<{ id: string }>("select organisation_named($1, $2) as id", [name, fresh]),
  );
  const id = rows[0]?.id;
  return id === fresh ? undefined : id;
}
