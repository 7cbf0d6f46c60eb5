import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { importsOf, isForTests, placeOf, root, type Source, sources } from "./sources.ts";

/** Who may know whom, in any way: to run, to be tested or to be built. */
const arrows: Readonly<Record<string, readonly string[]>> = {
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
const folders = Object.keys(arrows);
/** What the tests of every package share. */
const shared = /^tests\/(?:support|data)\//;

test("every package has its arrows", () => {
  const { workspaces } = JSON.parse(readFileSync(`${root}/package.json`, "utf8"));
  const manifests = workspaces.map((pattern: string) => `${pattern}/package.json`);

  expect(globSync(manifests, { cwd: root }).map(dirname).sort()).toEqual([...folders].sort());
});

test.each(Object.entries(arrows))("%s knows only its neighbours", (folder, allowed) => {
  expect(allowed).toEqual(expect.arrayContaining(declaredBy(folder)));
});

test.each(folders)("what %s imports is its own or declared", (folder) => {
  const declared = declaredBy(folder);
  const files = sources(`${folder}/**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}`);

  expect(files.length).toBeGreaterThan(0);
  expect(files.flatMap((source) => strangersIn(source, folder, declared))).toEqual([]);
});

describe("a stranger", () => {
  test.each([
    ['import { poll } from "../../gateway/src/poll.ts";', "another package's file"],
    ['import type { Poll } from "../../gateway/src/poll.ts";', "its type"],
    ['export * from "../../gateway/src/poll.ts";', "what is handed on"],
    ['import "../../gateway/src/poll.ts";', "what is only run"],
    ["const { poll } = await import('../../gateway/src/poll.ts');", "what is imported late"],
    ['require("../../gateway/src/poll.ts");', "what is required"],
    ['new Worker(new URL("../../gateway/src/poll.ts", import.meta.url));', "a worker's file"],
    ['import { until } from "../../tests/support/until.ts";', "a test's help"],
    ['readFileSync(new URL("../../tests/data/pv/x.csv", import.meta.url));', "a test's data"],
    ['import { Frames } from "@sunledger/store";', "a package that is not declared"],
    ['import { Frames } from "@sunledger/store/frames";', "a part of it"],
    ['const glob = "src/*/x"; import "../../api/src/x.ts"; const b = "*/";', "one between globs"],
  ])("%s is seen: %s", (code) => {
    const source = { file: "simulators/src/main.ts", code };
    expect(strangersIn(source, "simulators", ["model", "runtime"])).toHaveLength(1);
  });

  test("is neither an own file nor a neighbour, nor the tests' help in a test", () => {
    const code = `
      import { Frame } from "@sunledger/model/telemetry";
      import { weather } from "../weather/weather.ts";
      import manifest from "../../package.json" with { type: "json" };
    `;
    const help = 'import { until } from "../../../tests/support/until.ts";';
    const main = { file: "simulators/src/plant/main.ts", code };
    const itsTest = { file: "simulators/src/plant/main.test.ts", code: code + help };

    expect(strangersIn(main, "simulators", ["model"])).toEqual([]);
    expect(strangersIn(itsTest, "simulators", ["model"])).toEqual([]);
  });
});

/** Our own packages among all kinds of dependencies. */
function declaredBy(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(`${root}/${folder}/package.json`, "utf8"));
  return Object.entries<object>(manifest)
    .filter(([key]) => /dependencies$/i.test(key))
    .flatMap(([, named]) => (Array.isArray(named) ? named : Object.keys(named)))
    .flatMap((name: string) => ownPackage(name) ?? []);
}

function ownPackage(name: string): string | undefined {
  return /^@sunledger\/([^/]+)/.exec(name)?.[1];
}

/** The imports of a file that lead out of its package, but for what it may know. */
function strangersIn({ file, code }: Source, folder: string, declared: readonly string[]) {
  const strangers = importsOf(code).filter((name) => {
    const place = placeOf(file, name);
    if (place === undefined) {
      const own = ownPackage(name);
      return own !== undefined && !declared.includes(own);
    }
    if (isForTests(file) && shared.test(place)) return false;
    // A place that is no other package's is data: the root of the checkout, its docs.
    const others = ["tests", ...folders].filter((other) => other !== folder);
    return others.some((other) => place.startsWith(`${other}/`));
  });
  return strangers.map((name) => `${file}: ${name}`);
}
