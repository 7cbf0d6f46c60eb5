import { describe, expect, test } from "vitest";
import { Layout } from "./layout.ts";
import catalogue from "./points.json" with { type: "json" };

const accepts = (...points: string[]) => Layout.safeParse({ lane: "values", points }).success;

describe("a layout", () => {
  test.each(catalogue.points.map(({ name }) => name))("may hold %s", (name) => {
    expect(accepts(name)).toBe(true);
  });

  test.each(["a", "string[12].current", "vendor:AC_Power-1"])("may hold %s", (name) => {
    expect(accepts(name)).toBe(true);
  });

  test.each([
    "",
    "ac.power\u0000",
    "ac power",
    "1st",
    "[1]",
    "ac.power\n",
    "leistung.\u00e4",
    "\ud800",
    "a".repeat(81),
  ])("may not hold %j", (name) => {
    expect(accepts(name)).toBe(false);
  });

  test("names a point once", () => {
    expect(accepts("ac.power.active", "ac.power.active")).toBe(false);
  });
});
