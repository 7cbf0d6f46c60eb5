import { expect, test } from "vitest";
import { wayBack } from "./way-back.ts";

test.each(["/", "/overview?sort=power", "/plants/1?from=1&to=2#curve"])(
  "leads back to %s",
  (to) => {
    expect(wayBack(to)).toBe(to);
  },
);

test.each([
  "https://evil.example",
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "overview",
  "javascript:alert(1)",
  "/sign-in",
  "/sign-in?to=%2Foverview",
  5,
  undefined,
])("does not lead to %j", (to) => {
  expect(wayBack(to)).toBeUndefined();
});
