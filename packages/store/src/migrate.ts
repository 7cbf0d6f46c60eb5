/** Brings the database's tables to this version; says which steps that took. */
export function migrate(_ownerUrl: string): Promise<{ applied: string[] }> {
  throw new Error("not built");
}
