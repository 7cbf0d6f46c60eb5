import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { addressOf } from "@sunledger/model/device-url";
import { afterEach, expect, test, vi } from "vitest";
import { answersRightly } from "../../../tests/support/modbus-peer/modbus-peer.ts";
import { patient } from "../../../tests/support/patient.ts";
import { type Bench, noon, percent } from "./testing/bench.ts";
import { closeBench, started } from "./testing/started.ts";

let other: DatabaseSync | undefined;
afterEach(async () => {
  other?.close();
  other = undefined;
  await closeBench();
});

const inAMinute = { revertAfterMs: 60_000 };

test("a set-point comes back in time though nothing can be written down", async () => {
  const one = await started();
  await one.ended(one.set(60, inAMinute));
  const { fill, free, stands } = disk(one);
  fill();
  await one.clock.advance(noon + 60_000);
  await holds(one, 100, 1_000);
  await vi.waitFor(() => expect(one.notes.at(-1)).toMatchObject({ kind: "reverted" }), patient);
  expect(stands()).toHaveLength(1);

  free();
  await passing(one, () => expect(stands()).toEqual([]));
  expect(one.notes.filter(({ kind }) => kind === "reverted")).toHaveLength(1);
  expect(one.peer.writes).toHaveLength(2);
});

test("what flash may keep does not go to the device of a proxy's client", async () => {
  const one = await started();
  await one.own.line(new AbortController().signal);
  const { fill, free } = disk(one);
  const { line } = addressOf(one.url);
  const span = { code: 16, address: 102, words: [0, 5_000] } as const;
  let told = 0;
  const write = (before: () => void) =>
    one.desk.letWrite(
      { tag: "INV-01", line, unit: 1, span, client: "10.0.0.7" },
      async (onSend) => {
        before();
        onSend();
        told += 1;
      },
    );
  expect(await write(fill)).toBe(false);
  expect([told, one.notes]).toEqual([0, []]);

  free();
  expect(await write(() => undefined)).toBe(true);
  expect(told).toBe(1);
});

test("so does the order without an end that it interrupted, and a restart knows it later", async () => {
  const one = await started();
  const first = one.set(80);
  await one.ended(first);
  await one.ended(one.set(60, inAMinute));
  const { fill, free, stands } = disk(one);
  fill();
  await one.clock.advance(noon + 60_000);
  await holds(one, 100, 800);

  free();
  await passing(one, () => expect(stands()).toMatchObject([{ command: first, value: 80 }]));
  await one.restart();
  await one.ended(one.order({ kind: "release", device: "INV-01", point: percent }));
  await holds(one, 100, 1_000);
});

test("what is kept in flash is told only when that can be counted, and then it is", async () => {
  let met = 0;
  const one = await started({
    usual(request) {
      met += 1;
      answersRightly(request);
    },
  });
  const point = "setpoint.activePower.watts";
  await one.ended(one.set(5_000, { ...inAMinute, point }));
  const { fill, free } = disk(one);
  fill();
  await one.clock.advance(noon + 60_000);
  await passing(one, () => expect(revertOf(one)).toEqual(["waiting"]));
  const before = met;
  await passing(one, () => expect(met).toBeGreaterThan(before + 5));
  expect(one.peer.writes).toHaveLength(1);

  free();
  await passing(one, () => expect(one.peer.registers.get(103)).toBe(10_000));
  await passing(one, () => expect(revertOf(one)).toEqual(["waiting", "done"]));
});

/** Somebody else holds the file: each write to it fails at once, as on a disk that is full. */
function disk({ folder }: Bench) {
  const db = new DatabaseSync(join(folder, "commands.db"));
  other = db;
  const rows = () => db.prepare("SELECT content FROM holds").all();
  return {
    fill: () => db.exec("BEGIN IMMEDIATE"),
    free: () => db.exec("ROLLBACK"),
    stands: () => rows().map(({ content }) => JSON.parse(String(content)) as object),
  };
}

function holds({ peer }: Bench, register: number, raw: number) {
  return vi.waitFor(() => expect(peer.registers.get(register)).toBe(raw), patient);
}

/** Time passes until it is so. */
function passing({ clock }: Bench, isSo: () => void) {
  return vi.waitFor(async () => {
    await clock.advance(clock.now() + 5_000);
    isSo();
  }, patient);
}

function revertOf({ sent }: Bench) {
  return sent.flatMap((one) => (one.state === "revert" ? [one.outcome] : []));
}
