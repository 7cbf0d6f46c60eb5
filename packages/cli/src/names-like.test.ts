import { expect, test } from "vitest";
import { fewOf, namesLike } from "./names-like.ts";

const many = Array.from({ length: 120 }, (_, i) => `field/INV-${String(i).padStart(3, "0")}`);

test("few names are all told", () => {
  expect(namesLike("field/INV-9", many.slice(0, 2))).toBe("Known: field/INV-000, field/INV-001.");
});

test("of many names the nearest are told, never all", () => {
  expect(namesLike("field/INV-01", many)).toMatch(
    /^Did you mean field\/INV-001, .*\? 120 are known\.$/,
  );
  expect(namesLike("quite another name", many)).toMatch(/^120 are known, as field\/INV-000, /);
  expect(namesLike("field/INV-01", many).length).toBeLessThan(160);
});

test("a long list ends with how many more there are", () => {
  expect(fewOf(["a", "b"])).toBe("a, b");
  expect(fewOf(many)).toMatch(/^field\/INV-000, .*, field\/INV-007 and 112 more$/);
});
