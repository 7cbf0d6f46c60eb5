import { authTables, type Database, type Records } from "@sunledger/store";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { type BetterAuthParts, betterAuthIdentity } from "./better-auth-identity.ts";
import type { Identity } from "./identity.ts";

export type IdentityParts = Omit<BetterAuthParts, "database" | "records"> & {
  readonly database: Database;
  readonly records: Records;
};

/** The identity over the database of the records. */
export function openIdentity({ database, ...rest }: IdentityParts): Promise<Identity> {
  const adapter = drizzleAdapter(database.orm, { provider: "pg", schema: authTables });
  return betterAuthIdentity({ ...rest, database: adapter });
}
