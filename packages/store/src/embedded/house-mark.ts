import { randomUUID } from "node:crypto";
import { readFile, realpath, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";

/** What a home away from its data folder says of whose it is. */
const Owner = z.object({
  house: z.uuid(),
  /** Where the data folder was when it was last used. */
  folder: z.string(),
});
export type Owner = z.infer<typeof Owner>;

/** The random id of the house whose data folder this is; `undefined` when it has none yet. */
export async function readHouseId(folder: string): Promise<string | undefined> {
  const text = await readIfThere(join(folder, "house-id"));
  return text === undefined ? undefined : z.uuid().parse(text.trim());
}

export async function makeHouseId(folder: string): Promise<string> {
  const id = randomUUID();
  await replace(join(folder, "house-id"), `${id}\n`);
  return id;
}

/** Where the data folder says that its database is. */
export async function readPointer(folder: string): Promise<string | undefined> {
  const text = await readIfThere(pointerOf(folder));
  return text === undefined ? undefined : /Its data are in (.+)\n/.exec(text)?.[1];
}

export async function keepPointer(folder: string, home: string, account: string): Promise<void> {
  await replace(
    pointerOf(folder),
    `PostgreSQL runs as ${account}, who may not enter this folder. Its data are in ${home}\n`,
  );
}

/** Whose home it is; `undefined` when nobody has marked it. */
export async function readOwner(home: string): Promise<Owner | undefined> {
  const text = await readIfThere(join(home, "belongs-to.json"));
  return text === undefined ? undefined : Owner.parse(JSON.parse(text));
}

export async function keepOwner(home: string, owner: Owner): Promise<void> {
  await replace(join(home, "belongs-to.json"), `${JSON.stringify(owner)}\n`);
}

/** Whether another data folder than `folder`, where the home was last used from, still claims it. */
export async function claimedElsewhere({ house, folder }: Owner, wanted: string) {
  if ((await realpath(folder).catch(() => undefined)) === wanted) return false;
  return (await readHouseId(folder).catch(() => undefined)) === house;
}

const pointerOf = (folder: string) => join(folder, "where-the-database-is.txt");

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text, { flush: true });
  await rename(`${file}.part`, file);
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
