import { Role, shortestPassword } from "@sunledger/model";
import * as z from "zod";
import type { Identity } from "./identity.ts";

/** Users to be there. */
export const NewUsers = z.array(
  z.object({
    email: z.email().max(254),
    name: z.string().min(1).max(200),
    password: z.string().min(shortestPassword).max(256),
    role: Role,
    /** Its name; made when there is none of that name. */
    organisation: z.string().min(1).max(200),
  }),
);
export type NewUsers = z.infer<typeof NewUsers>;

/** Adds the users who are not there yet; says the e-mails of the new ones. */
export async function createUsers(
  identity: Pick<Identity, "createUser">,
  users: NewUsers,
): Promise<string[]> {
  const created: string[] = [];
  for (const user of users) if (await identity.createUser(user)) created.push(user.email);
  return created;
}
