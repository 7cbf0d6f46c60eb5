import { type TestApi, testPassword } from "./test-api.ts";

/** Cookies of an administrator of the first organisation, who has signed in. */
export async function administratorOf({ identity, own, cookie }: TestApi): Promise<string> {
  const email = "admin@sunledger.example";
  const user = { email, name: "Admin", password: testPassword, role: "administrator" as const };
  await identity.createUser({ ...user, organisation: own.name });
  return cookie({ ...own, email });
}
