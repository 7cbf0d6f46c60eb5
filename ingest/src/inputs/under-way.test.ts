import { expect, test } from "vitest";
import { underWay } from "./under-way.ts";

const message = { topic: "a/b", payload: Buffer.from("7") };

test("equal messages of one connection are taken each, those of the next once more only beyond as many", async () => {
  const { hear, taken, store, released, broken } = open();
  hear("a");
  hear("b");
  broken();
  for (const name of ["c", "d", "e"]) hear(name);
  expect(taken()).toBe(3);

  await store(0);
  await store(1);
  await store(2);
  expect(released).toEqual(["c", "d", "e"]);
});

test("what was stored while the connection was away is acknowledged when it comes again", async () => {
  const { hear, taken, store, released, broken } = open();
  hear("a");
  broken();
  await store(0);
  expect(released).toEqual([]);
  hear("b");
  expect([taken(), released]).toEqual([1, ["b"]]);

  hear("c");
  expect(taken()).toBe(2);
});

test("what does not come again over a whole connection is forgotten once it is stored", async () => {
  const { hear, taken, store, broken } = open();
  hear("a");
  broken();
  await store(0);
  broken();
  hear("b");
  expect(taken()).toBe(2);
});

test("another topic or payload is another message", () => {
  const { hear, taken, broken } = open();
  hear("a");
  broken();
  hear("b", { ...message, topic: "a/c" });
  hear("c", { ...message, payload: Buffer.from("8") });
  expect(taken()).toBe(3);
});

function open() {
  const { hear, broken } = underWay();
  const released: string[] = [];
  const stores: (() => void)[] = [];
  return {
    ...{ released, broken },
    taken: () => stores.length,
    hear: (name: string, what = message) =>
      hear(
        what,
        () => released.push(name),
        () => new Promise((resolve) => stores.push(resolve)),
      ),
    async store(index: number) {
      stores[index]?.();
      await new Promise(setImmediate);
    },
  };
}
