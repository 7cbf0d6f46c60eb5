import { type TestApi, testPassword } from "./test-api.ts";

/** Cookies of an administrator of the first organisation, or another one, who has signed in. */
export async function administratorOf(
  { identity, own, cookie }: TestApi,
  of = own,
): Promise<string> {
  const email = `admin-${of.name}@sunledger.example`;
  const user = { email, name: "Admin", password: testPassword, role: "administrator" as const };
  await identity.createUser({ ...user, organisation: of.name });
  return cookie({ ...of, email });
}
