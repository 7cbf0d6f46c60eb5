import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RegisterTable } from "../registers/register.ts";
import { writeEnergies } from "./energies.ts";
import { openLabels } from "./labels.ts";
import { openLedger } from "./ledger.ts";
import { type LedgerServer, serveLedger } from "./serve-ledger.ts";

let folder: string;
let server: LedgerServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-ledger-"));
  server = await serveLedger(folder, 0);
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

async function get(path: string): Promise<readonly [number, unknown]> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return [response.status, await response.json()];
}

const table: RegisterTable = {
  source: "test",
  readBy: 3,
  blocks: [[0, 10]],
  mostPerRead: 10,
  rows: [{ address: 0, type: "uint16", words: 1, point: "dc.power", scale: 1, missing: 0xffff }],
};

test("what was really the matter is told by plant", async () => {
  const label = { id: "soiling.plant", kind: "soiling", start: 1, until: 5, lostWh: 7 };
  await openLabels(folder, "north").write([label]);

  expect(await get("/labels/north")).toEqual([200, [label]]);
  expect(await get("/labels/south")).toEqual([200, []]);
});

test("true energies are told by span", async () => {
  for (const at of [60_000, 120_000, 180_000]) {
    await writeEnergies(folder, "north", { at, wattHours: { "INV-01/generated": at / 1_000 } });
  }

  expect(await get("/energies/north?from=120000&to=180000")).toEqual([
    200,
    [{ at: 120_000, wattHours: { "INV-01/generated": 120 } }],
  ]);
  expect(await get("/energies/north?from=noon")).toMatchObject([400, {}]);
});

test("answered reads are told by point", async () => {
  const ledger = openLedger({ folder, plant: "north", tag: "INV-01", table });
  for (const at of [1_000, 2_000]) {
    ledger.served(at, { readBy: 3, start: 0, count: 1 }, at, new Map([["dc.power", at / 10]]));
  }
  ledger.close();

  expect(await get("/served/north/INV-01")).toEqual([200, ["dc.power"]]);
  expect(await get("/served/north/INV-01?point=dc.power&from=1500")).toEqual([
    200,
    [{ at: 2_000, instant: 2_000, value: 200 }],
  ]);
});

test("what was refused, written and not served is told by span", async () => {
  const ledger = openLedger({ folder, plant: "north", tag: "INV-01", table });
  const asked = { function: 3, start: 400, count: 2 };
  ledger.refused(1_000, asked, 2);
  ledger.written(2_000, 40, Buffer.from([0, 7]));
  ledger.unserved(3_000, { ...asked, start: 0 }, "broken");
  ledger.close();

  expect(await get("/events/north/INV-01?to=3000")).toEqual([
    200,
    [
      { at: 1_000, what: "refused", ...asked, exception: 2 },
      { at: 2_000, what: "written", start: 40, words: "0007" },
    ],
  ]);
  expect(await get("/events/north/INV-01?from=3000")).toEqual([
    200,
    [{ at: 3_000, what: "broken", ...asked, start: 0 }],
  ]);
  expect(await get("/served/north/INV-01")).toEqual([200, []]);
});

test("it is told from when on nothing is missing", async () => {
  const serve = (room: { readonly mostBytes?: number }) => {
    const ledger = openLedger({ folder, plant: "north", tag: "INV-01", table, room });
    for (let at = 0; at < 500; at += 1) {
      ledger.served(at, { readBy: 3, start: 0, count: 1 }, at, new Map([["dc.power", at]]));
    }
    ledger.close();
  };
  serve({});
  expect(await get("/whole/north/INV-01")).toEqual([200, { from: null }]);
  serve({ mostBytes: 8_000 });

  expect(await get("/whole/north/INV-01")).toEqual([200, { from: expect.any(Number) }]);
});

test("a long ledger is told while others in the process go on", async () => {
  const ledger = openLedger({ folder, plant: "north", tag: "INV-01", table });
  const reads = 40_000;
  for (let at = 0; at < reads; at += 1) {
    ledger.served(at, { readBy: 3, start: 0, count: 1 }, at, new Map([["dc.power", at % 7]]));
  }
  ledger.close();
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns += 1;
    if (!isOver) setImmediate(turn);
  };
  turn();
  const [status, told] = await get("/served/north/INV-01?point=dc.power");
  isOver = true;

  expect([status, Array.isArray(told) && told.length]).toEqual([200, reads]);
  // It takes about a hundred pieces.
  expect(turns).toBeGreaterThan(60);
}, 60_000);

test("nothing else in the machine is told", async () => {
  const paths = [
    "/events/north",
    "/",
    "/labels",
    "/labels/..%2Fetc",
    "/served/north",
    "/served/north/..%2F..%2Fx",
  ];

  for (const path of paths) expect(await get(path)).toEqual([404, { error: "not found" }]);
});

test("a port that is taken is told in a sentence", async () => {
  await expect(serveLedger(folder, server.port)).rejects.toThrow(/is taken by another program/);
});
