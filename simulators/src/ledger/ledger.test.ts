import { appendFile, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RegisterTable } from "../registers/register.ts";
import { openLedger } from "./ledger.ts";
import { readLedger } from "./read-ledger.ts";

const table: RegisterTable = {
  source: "test",
  readBy: 3,
  blocks: [[0, 10]],
  mostPerRead: 10,
  rows: [
    { address: 0, type: "uint16", words: 1, point: "dc.power", scale: 1, missing: 0xffff },
    { address: 1, type: "uint32", words: 2, point: "dc.energy.total", scale: 1, missing: 0 },
  ],
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-ledger-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (mostBytes?: number) =>
  openLedger({
    folder,
    plant: "p",
    tag: "D",
    table,
    ...(mostBytes !== undefined && { mostBytes }),
  });

const shown = (power: number | null, energy: number) =>
  new Map<string, number | null>([
    ["dc.power", power],
    ["dc.energy.total", energy],
  ]);

test("a point is served only by a read that covers all of its registers", async () => {
  const ledger = open();
  ledger.served(1_000, { readBy: 3, start: 0, count: 2 }, 1_000, shown(5, 70));
  ledger.served(1_010, { readBy: 3, start: 1, count: 2 }, 1_000, shown(5, 70));
  ledger.served(1_200, { readBy: 3, start: 0, count: 3 }, 1_200, shown(null, 71));
  ledger.close();
  const served = await readLedger(folder, "p", "D");

  expect(served.get("dc.power")).toEqual([
    { at: 1_000, instant: 1_000, value: 5 },
    { at: 1_200, instant: 1_200, value: null },
  ]);
  expect(served.get("dc.energy.total")).toEqual([
    { at: 1_010, instant: 1_000, value: 70 },
    { at: 1_200, instant: 1_200, value: 71 },
  ]);
});

test("a read by the other function serves only the registers of that function", async () => {
  const holding = {
    address: 0,
    type: "uint16",
    words: 1,
    point: "setpoint.onOff",
    readBy: 4,
  } as const;
  const both: RegisterTable = { ...table, rows: [...table.rows, { ...holding, scale: 1 }] };
  const ledger = openLedger({ folder, plant: "p", tag: "E", table: both });
  const values = new Map([...shown(5, 70), ["setpoint.onOff", 1] as const]);
  ledger.served(1_000, { readBy: 3, start: 0, count: 1 }, 1_000, values);
  ledger.served(1_010, { readBy: 4, start: 0, count: 1 }, 1_000, values);
  ledger.close();
  const served = await readLedger(folder, "p", "E");

  expect(served.get("dc.power")).toEqual([{ at: 1_000, instant: 1_000, value: 5 }]);
  expect(served.get("setpoint.onOff")).toEqual([{ at: 1_010, instant: 1_000, value: 1 }]);
});

test("a point of two registers is served by the one to go by", async () => {
  const fine = { address: 4, type: "uint16", words: 1, point: "dc.power", scale: 0.1 } as const;
  const twice: RegisterTable = { ...table, rows: [...table.rows, fine] };
  const ledger = openLedger({ folder, plant: "p", tag: "F", table: twice });
  ledger.served(1_000, { readBy: 3, start: 0, count: 1 }, 1_000, shown(5, 70));
  ledger.served(1_010, { readBy: 3, start: 0, count: 5 }, 1_000, shown(5, 70));
  ledger.close();
  const served = await readLedger(folder, "p", "F");

  expect(served.get("dc.power")).toEqual([{ at: 1_010, instant: 1_000, value: 5 }]);
});

test("goes on behind an earlier run, even one that was cut off in the middle of a line", async () => {
  const first = open();
  first.served(1, { readBy: 3, start: 0, count: 1 }, 1, shown(5, 70));
  first.close();
  await appendFile(join(folder, "p.D.jsonl"), '{"r":[2,0,');
  const second = open();
  second.served(3, { readBy: 3, start: 0, count: 1 }, 3, shown(6, 70));
  second.close();

  const powers = (await readLedger(folder, "p", "D")).get("dc.power");
  expect(powers?.map(({ value }) => value)).toEqual([5, 6]);
});

test("keeps one full file and begins another", async () => {
  const ledger = open(2_000);
  for (let at = 0; at < 500; at += 1)
    ledger.served(at, { readBy: 3, start: 0, count: 3 }, at, shown(at, 1_000 + at));
  ledger.close();

  const powers = (await readLedger(folder, "p", "D")).get("dc.power") ?? [];
  expect((await stat(join(folder, "p.D.jsonl.1"))).size).toBeGreaterThan(1_000);
  expect(powers.at(-1)).toEqual({ at: 499, instant: 499, value: 499 });
  powers.forEach(({ at, value }) => {
    expect(value).toBe(at);
  });
});
