import type { Client } from "pg";
import type { Passwords } from "./passwords.ts";

export const databaseName = "sunledger";
export const ownerRole = "sunledger_owner";
/** What the programs sign in as: row-level security holds it, and it owns nothing. */
export const appRole = "sunledger_app";

/** Makes the two roles and the database where they are absent. Signed in as superuser. */
export async function provideRoles(client: Client, passwords: Passwords): Promise<void> {
  await provideRole(client, ownerRole, passwords.owner);
  await provideRole(client, appRole, passwords.app);
  const { rowCount } = await client.query("select from pg_database where datname = $1", [
    databaseName,
  ]);
  if (rowCount === 0) await client.query(`create database ${databaseName} owner ${ownerRole}`);
  await client.query(`revoke all on database ${databaseName} from public`);
  await client.query(`grant connect on database ${databaseName} to ${appRole}`);
}

async function provideRole(client: Client, role: string, password: string): Promise<void> {
  const { rowCount } = await client.query("select from pg_roles where rolname = $1", [role]);
  const verb = rowCount === 0 ? "create" : "alter";
  await client.query(
    `${verb} role ${role} login nosuperuser nobypassrls nocreatedb nocreaterole password ${client.escapeLiteral(password)}`,
  );
}
