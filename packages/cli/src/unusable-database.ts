import { messageOf, PlainError } from "./plain-error.ts";

/** Why a database cannot be used, in words for a person; `ours`: nobody has named it. */
export function unusable(url: string, error: unknown, ours = false): PlainError {
  const { host, pathname } = new URL(url);
  const advice = ours ? "" : ": check SUNLEDGER_DATABASE_URL and that its server answers";
  const where = `the database ${pathname.slice(1)} on ${host}`;
  return new PlainError(`Cannot use ${where} (${messageOf(error)})${advice}.`);
}
