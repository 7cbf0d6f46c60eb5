import { openDatabase } from "@sunledger/store";
import { unusable } from "../unusable-database.ts";

/** Throws one sentence when the database that was named cannot be used. */
export async function requireDatabase(url: string): Promise<void> {
  try {
    const database = await openDatabase(url, { name: "sunledger-look", most: 1 });
    await database.close();
  } catch (error) {
    throw unusable(url, error);
  }
}
