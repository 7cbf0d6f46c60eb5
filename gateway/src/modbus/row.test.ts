import { describe, expect, test } from "vitest";
import { Row } from "./row.ts";

const keys = ["a", "b", "c"] as const;
type Key = (typeof keys)[number];

describe("a row", () => {
  test("is the map with the same entries, in the order of its list", () => {
    const row = new Row<Key, number>(keys).set("c", 3).set("a", 1).set("a", 0);
    const map = new Map<Key, number>([
      ["a", 0],
      ["c", 3],
    ]);

    expect([...row]).toEqual([...map]);
    expect([[...row.keys()], [...row.values()]]).toEqual([
      ["a", "c"],
      [0, 3],
    ]);
    expect([row.size, row.get("a"), row.get("b"), row.has("b")]).toEqual([2, 0, undefined, false]);
    const visited: unknown[] = [];
    row.forEach((value, key) => void visited.push([key, value]));
    expect(visited).toEqual([...map]);
  });

  test("has nothing of another one with the same keys, nor of what was taken out", () => {
    const one = new Row<Key, number>(keys).set("a", 1).set("b", 2);
    one.delete("a");

    expect([...one]).toEqual([["b", 2]]);
    expect([...new Row<Key, number>(keys)]).toEqual([]);
  });

  test("takes no key that is none of its list's, and has none to take out", () => {
    const row = new Row<string, number>(keys).set("a", 1);
    row.delete("d");

    expect([row.size, row.get("d")]).toEqual([1, undefined]);
    expect(() => row.set("d", 4)).toThrow("no other keys");
  });
});
