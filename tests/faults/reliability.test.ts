import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { lastResults } from "./last-results.ts";
import { duties, faults, soakRow } from "./reliability-table.ts";
import { renderReliability } from "./render-reliability.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const textOf = (file: string) => readFileSync(join(root, file), "utf8");

describe("the page of what holds", () => {
  test("has every duty of the delivery contract, in its order", () => {
    const promised = [...textOf("docs/delivery.md").matchAll(/^\| (D-\d+) \|/gm)].map(
      ([, code]) => code,
    );

    expect(promised.length).toBeGreaterThan(10);
    expect(duties.map(({ code }) => code)).toEqual(promised);
  });

  test("has every fault, in its order", () => {
    const codes = [...faults, soakRow].map(({ code }) => code);

    expect(codes).toEqual(Array.from({ length: 25 }, (_, i) => `F${i + 1}`));
  });

  test("names files that are there, and says of a row without one what is not built", () => {
    const rows = [...duties, ...faults];
    const absent = rows
      .flatMap(({ tests }) => tests)
      .filter((file) => !existsSync(join(root, file)));
    const silent = rows.filter(({ tests, open }) => tests.length === 0 && !open);

    expect([absent, silent]).toEqual([[], []]);
  });

  test("is the one that the table and the last results give", () => {
    expect(textOf("docs/reliability.md")).toBe(renderReliability(lastResults()));
  });
});
