import type { ConfigurationChange } from "@sunledger/model";

type Document = Readonly<Record<string, unknown>> | null;

/** What differs between two documents of a gateway's configuration, in the order of the paths. */
export function documentChanges(before: Document, after: Document): ConfigurationChange[] {
  const old = new Map(leavesOf(before ?? {}, ""));
  const fresh = new Map(leavesOf(after ?? {}, ""));
  const changes: ConfigurationChange[] = [];
  for (const path of [...new Set([...old.keys(), ...fresh.keys()])].sort()) {
    const [a, b] = [old.get(path), fresh.get(path)];
    if (JSON.stringify(a) === JSON.stringify(b)) continue;
    changes.push({
      path,
      ...(old.has(path) && { before: a }),
      ...(fresh.has(path) && { after: b }),
    });
  }
  return changes;
}

/** Every value with its path. Items of a list that have a tag are named by it: their order says nothing. */
function* leavesOf(value: unknown, path: string): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) {
    yield [path, value];
  } else if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) {
      yield* leavesOf(item, `${path}[${tagOf(item) ?? i}]`);
    }
  } else {
    for (const [key, item] of Object.entries(value)) {
      yield* leavesOf(item, path === "" ? key : `${path}.${key}`);
    }
  }
}

function tagOf(item: unknown): string | undefined {
  const tag = typeof item === "object" && item !== null && "tag" in item ? item.tag : undefined;
  return typeof tag === "string" ? tag : undefined;
}
