/** SQLSTATE: connections, resources, an operator's intervention, the system beneath. */
const shortages = /^(?:08|53|57|58)/;

/** Whether a store that refuses something is short of room or hands: then no content is to blame (D-8). */
export function isShortage(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === "string" && shortages.test(code);
}
