import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "./sources.ts";

const table = readFileSync(`${root}/docs/gateway-traits.md`, "utf8");
const rows = [...table.matchAll(/^\| (\d+) \| [^|]+ \| ([^|]+) \|$/gm)].map(
  ([, number, files]) => ({
    trait: Number(number),
    files: [...(files ?? "").matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? ""),
  }),
);

test("the gateway has twenty-five traits, one after the other", () => {
  expect(rows.map(({ trait }) => trait)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
});

test.each(rows)("trait $trait is cited by each test that holds it", ({ trait, files }) => {
  expect(files).not.toEqual([]);
  for (const file of files) {
    const path = `${root}/${file}`;
    expect(existsSync(path), file).toBe(true);
    expect(citedIn(readFileSync(path, "utf8")), file).toContain(trait);
  }
});

/** The traits that a test's words name: `trait 7`, `traits 8, 9`, `traits 15 and 17`. */
function citedIn(text: string): number[] {
  return [...text.matchAll(/\btraits? (\d+(?:(?:, | and )\d+)*)/g)].flatMap(([, numbers = ""]) =>
    numbers.split(/\D+/).map(Number),
  );
}
