import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

const Passwords = z.object({ superuser: z.string(), owner: z.string(), app: z.string() });

/** The passwords of the server's roles. */
export type Passwords = z.infer<typeof Passwords>;

/** The passwords kept beside the data, made at the first start; for the folder's owner alone. */
export async function openPasswords(folder: string): Promise<Passwords> {
  const file = join(folder, "passwords.json");
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return undefined;
  });
  if (kept !== undefined) return Passwords.parse(JSON.parse(kept));

  const made = { superuser: secret(), owner: secret(), app: secret() };
  await writeFile(`${file}.part`, JSON.stringify(made), { mode: 0o600, flush: true });
  await rename(`${file}.part`, file);
  return made;
}

function secret(): string {
  return randomBytes(24).toString("base64url");
}
