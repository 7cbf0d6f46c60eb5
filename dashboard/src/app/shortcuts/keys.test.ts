import { expect, test } from "vitest";
import { keyReader, type Pressed } from "./keys.ts";

test.each([
  ["?", {}, "sheet"],
  ["？", {}, "sheet"],
  ["k", { ctrl: true }, "palette"],
  ["K", { meta: true }, "palette"],
  ["k", {}, undefined],
  ["?", { alt: true }, undefined],
  ["?", { ctrl: true }, undefined],
] as const)("%s with %j asks for %s", (key, held, wish) => {
  expect(keyReader()(pressed(key, held), 0)).toBe(wish);
});

test("g and then p asks for the plants", () => {
  const read = keyReader();

  expect(read(pressed("g"), 0)).toBeUndefined();
  expect(read(pressed("p"), 900)).toBe("plants");
  expect(read(pressed("p"), 950)).toBeUndefined();
});

test("g is forgotten after a while, after another key and without a p", () => {
  const read = keyReader();
  read(pressed("g"), 0);
  expect(read(pressed("p"), 1_001)).toBeUndefined();

  read(pressed("g"), 2_000);
  read(pressed("x"), 2_100);
  expect(read(pressed("p"), 2_200)).toBeUndefined();
});

test.each([
  ["?", {}],
  ["k", { ctrl: true }],
] as const)("%s with %j asks for nothing while somebody types", (key, held) => {
  expect(keyReader()({ ...pressed(key, held), typing: true }, 0)).toBeUndefined();
});

test("what is typed into a field begins no sequence", () => {
  const read = keyReader();
  read({ ...pressed("g"), typing: true }, 0);

  expect(read(pressed("p"), 100)).toBeUndefined();
});

function pressed(key: string, held: Partial<Pressed> = {}): Pressed {
  return { key, ctrl: false, meta: false, alt: false, typing: false, ...held };
}
