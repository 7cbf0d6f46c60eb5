import { openDatabase } from "@sunledger/store";
import { messageOf, PlainError } from "../plain-error.ts";

/** Throws one sentence when the database that was named cannot be used. */
export async function requireDatabase(url: string): Promise<void> {
  try {
    const database = await openDatabase(url, { name: "sunledger-look", most: 1 });
    await database.close();
  } catch (error) {
    throw unusable(url, error);
  }
}

/** Why a database cannot be used, in words for a person; `ours`: nobody has named it. */
export function unusable(url: string, error: unknown, ours = false): PlainError {
  const { host, pathname } = new URL(url);
  const advice = ours ? "" : ": check SUNLEDGER_DATABASE_URL and that its server answers";
  const where = `the database ${pathname.slice(1)} on ${host}`;
  return new PlainError(`Cannot use ${where} (${messageOf(error)})${advice}.`);
}
