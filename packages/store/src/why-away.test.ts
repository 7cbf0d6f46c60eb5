import { DatabaseError } from "pg";
import { expect, test } from "vitest";
import { whyAway } from "./why-away.ts";

test.each([
  ["53100", "its disk is full"],
  ["57P03", "it is starting"],
  ["08006", "the connection broke"],
])("a database that answers %s comes back: %s", (code, reason) => {
  expect(whyAway(coded(code))).toBe(`The database cannot be asked: ${reason}.`);
  expect(whyAway(new Error("outer", { cause: coded(code) }))).toContain(reason);
});

test.each(["28P01", "3D000", "42P01"])("one that answers %s is not away", (code) => {
  expect(whyAway(coded(code))).toBeUndefined();
});

function coded(code: string): DatabaseError {
  const error = new DatabaseError("could not write init file: No space left on device", 0, "error");
  error.code = code;
  return error;
}
