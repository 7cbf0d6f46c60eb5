import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Who may know whom. The linter refuses imports that a package.json does not declare. */
const arrows: Record<string, string[]> = {
  "packages/model": [],
  "packages/runtime": [],
  "packages/store": ["model"],
  "packages/cli": ["model", "runtime", "store"],
  gateway: ["model", "runtime"],
  ingest: ["model", "runtime", "store"],
  api: ["model", "runtime", "store"],
  dashboard: ["model"],
  simulators: ["model", "runtime"],
};

test.each(Object.entries(arrows))("%s knows only its neighbours", (folder, allowed) => {
  const manifest = new URL(`../../${folder}/package.json`, import.meta.url);
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  const known = Object.keys(dependencies).filter((name) => name.startsWith("@sunledger/"));

  expect(allowed).toEqual(
    expect.arrayContaining(known.map((name) => name.slice("@sunledger/".length))),
  );
});
