/** SQLSTATE: data that cannot be stored, constraints, the program's limits. */
const refusals = /^(?:22|23|54)/;

/**
 * Whether a store refuses something for what it holds. Of whatever else ails a store – short of room, read
 * only, without rights, cut off – no content is to blame: it may be taken later (D-8).
 */
export function isContentRefused(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && refusals.test(code);
}
