import { type Database, findOrganisation } from "@sunledger/store";
import { PlainError } from "../plain-error.ts";

/** The id of an organisation that is there; throws one sentence where it is not. */
export async function requireOrganisation(
  database: Database,
  name: string,
  known: string | undefined,
): Promise<string> {
  const id = await findOrganisation(database, name);
  if (id !== undefined) return id;
  const others = known !== undefined && known !== name ? `; known: ${known}` : "";
  throw new PlainError(`There is no organisation "${name}" in the database${others}.`);
}
