import { expect, test } from "vitest";
import { importsOf, placeOf, sources } from "./sources.ts";

const light = ["@sunledger/model/ranges", "@sunledger/model/instants"];

/** A thread loads all that it uses once more: schemas alone would take 20 MB of a gateway's memory. */
test("the outbox's thread uses nothing but its own files, Node and plain arithmetic", () => {
  const files = new Map(
    sources("gateway/src/**/*.ts").map(({ file, code }) => [file, withoutTypes(code)]),
  );
  const seen = new Set<string>();
  const used = new Set<string>();
  const follow = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const name of importsOf(files.get(file) ?? "")) {
      const place = placeOf(file, name);
      if (place) follow(place);
      else if (!name.startsWith("node:")) used.add(name);
    }
  };
  follow("gateway/src/outbox/outbox-worker.ts");

  expect(seen.size).toBeGreaterThan(5);
  expect([...used].sort()).toEqual([...light].sort());
});

function withoutTypes(code: string): string {
  return code.replace(/^import type [^;]*;/gm, "");
}
