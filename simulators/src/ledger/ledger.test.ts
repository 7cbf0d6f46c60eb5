import { appendFile, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RegisterTable } from "../registers/register.ts";
import { type LedgerParts, openLedger } from "./ledger.ts";
import { ledgerEvents, readLedger, wholeFrom } from "./read-ledger.ts";

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

const open = (more: Partial<LedgerParts> = {}) =>
  openLedger({ folder, plant: "p", tag: "D", table, ...more });

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

/** Reads at so many instants after one another, from one on. */
function polled(count: number, more: Partial<LedgerParts>, from = 0): void {
  const ledger = open(more);
  for (let at = from; at < from + count; at += 1)
    ledger.served(at, { readBy: 3, start: 0, count: 3 }, at, shown(at, 1_000 + at));
  ledger.close();
}

test("keeps all that was served, in as many files as it takes, over restarts too", async () => {
  polled(500, { room: { fileBytes: 2_000 } });
  polled(500, { room: { fileBytes: 2_000 } }, 500);

  const powers = (await readLedger(folder, "p", "D")).get("dc.power") ?? [];
  expect((await readdir(folder)).length).toBeGreaterThan(12);
  expect(powers).toEqual(
    Array.from({ length: 1_000 }, (_, at) => ({ at, instant: at, value: at })),
  );
  expect(await wholeFrom(folder, "p", "D")).toBeUndefined();
});

test("loses its oldest files where it may take so much room alone, and says from when on it is whole", async () => {
  const gone: string[] = [];
  polled(1_000, { room: { mostBytes: 16_000 }, onGone: (files) => gone.push(...files) });

  const powers = (await readLedger(folder, "p", "D")).get("dc.power") ?? [];
  const from = (await wholeFrom(folder, "p", "D")) ?? 0;
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (file) => (await stat(join(folder, file))).size),
  );
  expect(gone.slice(0, 2)).toEqual(["p.D.jsonl.1", "p.D.jsonl.2"].map((one) => join(folder, one)));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(16_000 + 500);
  expect(from).toBeGreaterThan(500);
  expect(powers).toEqual(
    Array.from({ length: 1_000 - from }, (_, i) => {
      return { at: from + i, instant: from + i, value: from + i };
    }),
  );
});

test.each([
  ["a wider one", { mostBytes: 100_000 }],
  ["none", {}],
])(
  "says from when on it is whole where all before had to go for a limit that came after %s",
  async (_, room) => {
    polled(500, { room });
    polled(3, { room: { mostBytes: 8_000 } }, 500);

    const powers = (await readLedger(folder, "p", "D")).get("dc.power") ?? [];
    expect(powers.map(({ at }) => at)).toEqual([500, 501, 502]);
    expect(await wholeFrom(folder, "p", "D")).toBe(500);

    polled(500, { room: { mostBytes: 8_000 } }, 503);
    expect(await wholeFrom(folder, "p", "D")).toBeGreaterThan(503);
  },
);

test("tells for which unit a request was, where nobody is there", async () => {
  const ledger = open();
  const asked = { function: 3, start: 0, count: 1 };
  ledger.refused(1, { ...asked, unit: 9 }, 11);
  ledger.unserved(2, { ...asked, unit: 9 }, "ignored");
  ledger.unserved(3, asked, "ignored");
  ledger.close();
  const events = [];
  for await (const event of ledgerEvents(folder, "p", "D")) events.push(event);

  expect(events).toEqual([
    { at: 1, what: "refused", ...asked, exception: 11, unit: 9 },
    { at: 2, what: "ignored", ...asked, unit: 9 },
    { at: 3, what: "ignored", ...asked },
  ]);
});
