/**
 * How long the long tests go on: cut short and seeded by default and in CI, whole by
 * `npm run test:full`.
 */
export const full = process.env.SUNLEDGER_TEST_FULL === "1";

/** What random tests begin from; print it with a failure, set it to see the failure again. */
export const seed = Number(process.env.SUNLEDGER_TEST_SEED ?? 20_261_122);

/** The first where the suite is run whole, else the second. */
export function thorough<T>(whole: T, short: T): T {
  return full ? whole : short;
}
