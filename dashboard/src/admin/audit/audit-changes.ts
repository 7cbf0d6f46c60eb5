import type { AuditEntry } from "@sunledger/model";

type Content = AuditEntry["before"];

/** One thing that is not as it was, by its place: absent where there was, or is, nothing. */
export type AuditChange = {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
};

/** What differs between the two sides of an entry, in the order in which they say it. */
export function auditChanges(before: Content, after: Content): AuditChange[] {
  const [old, fresh] = [new Map(leavesOf(before, "")), new Map(leavesOf(after, ""))];
  const paths = [...new Set([...old.keys(), ...fresh.keys()])];
  return (
    paths
      // An empty text says no more than none.
      .filter((path) => (old.get(path) ?? "") !== (fresh.get(path) ?? ""))
      .map((path) => {
        const [was, is] = [old.get(path), fresh.get(path)];
        return {
          path,
          ...(was !== undefined && { before: was }),
          ...(is !== undefined && { after: is }),
        };
      })
  );
}

function* leavesOf(value: unknown, path: string): Generator<[string, string]> {
  if (value === null || value === undefined) return;
  if (typeof value !== "object") {
    yield [path, String(value)];
  } else if (Array.isArray(value) && value.every((item) => typeof item !== "object")) {
    yield [path, value.join(", ")];
  } else {
    for (const [key, item] of Object.entries(value)) {
      yield* leavesOf(item, path === "" ? key : `${path}.${key}`);
    }
  }
}
