import { randomBytes } from "node:crypto";
import { Client } from "pg";

/** Makes the two roles and the database that `sunledger` wants of a server of one's own. */
export async function makeRoles(
  superuserUrl: string,
): Promise<{ readonly ownerUrl: string; readonly appUrl: string }> {
  const password = randomBytes(12).toString("hex");
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  await client.query(`create role sunledger_owner login password '${password}'`);
  await client.query(`create role sunledger_app login password '${password}'`);
  await client.query("create database sunledger owner sunledger_owner");
  await client.end();

  const urlOf = (role: string) => {
    const url = new URL(superuserUrl);
    url.username = role;
    url.password = password;
    url.pathname = "/sunledger";
    return url.href;
  };
  return { ownerUrl: urlOf("sunledger_owner"), appUrl: urlOf("sunledger_app") };
}
