import { expect, test } from "vitest";
import type { Device } from "./device.ts";
import { fleet, type WantedDevice } from "./fleet.ts";

test("closes what goes or changes before it opens what comes, and lets the others be", async () => {
  const { apply, said } = emptyFleet();
  await apply({ "INV-01": "a", "INV-02": "b", "INV-03": "c" });
  said.length = 0;

  const changes = await apply({ "INV-01": "a", "INV-02": "other", "INV-04": "d" });

  expect(changes).toEqual({ added: ["INV-04"], changed: ["INV-02"], removed: ["INV-03"] });
  expect(said).toEqual([
    "end INV-02",
    "end INV-03",
    "gone INV-03",
    "begin INV-02 other",
    "begin INV-04 d",
  ]);
});

test("waits for the polls under way of what is closed", async () => {
  const { apply, said, hold } = emptyFleet();
  await apply({ "INV-01": "a" });
  const goOn = hold();

  const applying = apply({ "INV-01": "b" });
  await new Promise(setImmediate);
  expect(said).toEqual(["begin INV-01 a", "end INV-01"]);
  goOn();
  await applying;

  expect(said.at(-1)).toBe("begin INV-01 b");
});

test("opens the others when one cannot be opened, and says why", async () => {
  const { apply, said } = emptyFleet();

  await expect(apply({ "INV-01": "broken", "INV-02": "b" })).rejects.toThrow("INV-01 is broken");

  expect(said).toEqual(["failed INV-01: INV-01 is broken", "begin INV-02 b"]);
  expect(await apply({ "INV-01": "mended", "INV-02": "b" })).toMatchObject({ added: ["INV-01"] });
});

test("takes back what it said of one that could not be opened and is wanted no more", async () => {
  const { apply, said } = emptyFleet();
  await expect(apply({ "INV-01": "broken" })).rejects.toThrow("INV-01 is broken");

  await apply({});
  await apply({});

  expect(said).toEqual(["failed INV-01: INV-01 is broken", "gone INV-01"]);
});

function emptyFleet() {
  const said: string[] = [];
  let held: Promise<void> = Promise.resolve();
  const share = { to: () => neverAsked(), release: neverAsked, close: () => undefined };
  const { apply } = fleet({
    polling: {
      add: ({ tag }) => {
        return () => {
          said.push(`end ${tag}`);
          return held;
        };
      },
    },
    lease: () => share,
    onGone: (tag) => void said.push(`gone ${tag}`),
    onFailed: (tag, error) => void said.push(`failed ${tag}: ${(error as Error).message}`),
  });
  const wanted = (tag: string, key: string): WantedDevice => ({
    key,
    open: () => {
      if (key === "broken") throw new Error(`${tag} is broken`);
      said.push(`begin ${tag} ${key}`);
      return { tag } as Device;
    },
  });
  return {
    said,
    hold() {
      let goOn = () => {};
      held = new Promise((resolve) => {
        goOn = resolve;
      });
      return goOn;
    },
    apply: (devices: Readonly<Record<string, string>>) =>
      apply(new Map(Object.entries(devices).map(([tag, key]) => [tag, wanted(tag, key)]))),
  };
}

function neverAsked(): never {
  throw new Error("nobody asks for a connection here");
}
