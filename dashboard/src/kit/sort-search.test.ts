import { describe, expect, test } from "vitest";
import { sortAsked, sortedSearch, sortSearch } from "./sort-search.ts";

const columns = [
  { id: "name", head: "Name", cell: String, sortBy: String },
  { id: "hidden", head: "Hidden", cell: String, sortBy: String, hidden: true },
  { id: "spark", head: "Spark", cell: String },
];

describe("the order of a table in the address", () => {
  test.each([[{ by: "name", down: true }], [{ by: "name", down: false }], [undefined]])(
    "is read as it was written: %j",
    (sort) => {
      const address = sortedSearch({ sort: "old", up: true, find: "ac" }, sort);

      expect(address.find).toBe("ac");
      expect(sortAsked(sortSearch(address), columns)).toEqual(sort);
    },
  );

  test("says nothing when nothing is sorted", () => {
    expect(sortedSearch({ sort: "name", up: true, find: "ac" }, undefined)).toEqual({ find: "ac" });
  });

  test.each(["hidden", "spark", "nosuch", ""])("is none by the column %j", (sort) => {
    expect(sortAsked(sortSearch({ sort }), columns)).toBeUndefined();
  });

  test("is none when it makes no sense", () => {
    expect(sortSearch({ sort: 5, up: true })).toEqual({ sort: undefined, up: undefined });
    expect(sortSearch({ sort: "name", up: "maybe" })).toEqual({ sort: "name", up: undefined });
  });
});
