import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { PointValue } from "@sunledger/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DrivenChain, openDrivenChain } from "../support/driven-chain.ts";
import { until } from "../support/until.ts";

const minute = 60_000;
const start = Date.parse("1990-10-09T10:00:00-06:00");
/** What is compared: from when all are surely connected on, an hour. */
const [from, to] = [start + 10 * minute, start + 70 * minute];
const everyMs = 30_000;

type Row = Pick<PointValue, "value" | "flag">;
/** By device, point and instant. */
type Rows = ReadonlyMap<string, Row>;

let folder: string;
let runs: readonly Rows[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sunledger-twice-"));
  const scenario = join(folder, "twice.yaml");
  await writeFile(scenario, JSON.stringify(scenarioOfThePlant()));
  runs = await Promise.all(["first", "second"].map((name) => run(scenario, name)));
}, 300_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("an hour of a plant that is driven as fast as its programs keep up", () => {
  test("is the same each time, to the last digit of each value", () => {
    const [first, second] = runs as [Rows, Rows];
    const differing = [...new Set([...first.keys(), ...second.keys()])].filter(
      (key) => !isSame(first.get(key), second.get(key)),
    );

    expect(differing.slice(0, 10)).toEqual([]);
    expect([...first].filter(([, row]) => !wasRead(row)).slice(0, 10)).toEqual([]);
    const slots = (to - from) / everyMs;
    const valuesOf = (point: string) =>
      [...first].filter(([key]) => key.startsWith(`${point} `)).map(([, { value }]) => value);
    for (const tag of ["INV-01", "METER-01"]) {
      expect(valuesOf(`${tag} ac.power.active`)).toHaveLength(slots);
    }
    // Clouds pass: neither run has one value again and again.
    expect(new Set(valuesOf("MET-01 met.irradiance.ghi")).size).toBeGreaterThan(0.8 * slots);
  });

  test("has what was recorded where a device replays it over Modbus", () => {
    for (const rows of runs) {
      const shown = recorded().map((row) => {
        return { ...row, stored: rows.get(`REC-01 ac.power.active ${row.at}`) };
      });

      expect(shown).toHaveLength(12);
      for (const { stored, watts } of shown) expect(stored).toEqual({ value: watts });
    }
  });
});

async function run(scenario: string, name: string): Promise<Rows> {
  const chain = await openDrivenChain({ name, scenario, everyMs, speed: 1_000_000 });
  try {
    await until("the hour to pass", async () => (await chain.now()) > to, {
      ...{ timeoutMs: 240_000, everyMs: 250 },
    });
    // What was polled last may still be on its way. Neither of these slots is one of the slow points.
    const slotSize = (rows: Rows, slot: number) =>
      [...rows.keys()].filter((key) => key.endsWith(` ${slot}`)).length;
    return await until("its last slot to be stored", async () => {
      const rows = await rowsOf(chain);
      const whole = slotSize(rows, from + everyMs);
      return whole > 0 && slotSize(rows, to - everyMs) === whole && rows;
    });
  } finally {
    await chain.close();
  }
}

async function rowsOf({ devices, store, organisation }: DrivenChain): Promise<Rows> {
  const rows = new Map<string, Row>();
  for (const [tag, device] of devices) {
    const points = await store.pointsOf(organisation, device);
    const range = { organisation, devices: [device], points, from, to };
    for await (const { point, at, value, flag } of store.read(range)) {
      rows.set(`${tag} ${point} ${at}`, { value, ...(flag && { flag }) });
    }
  }
  return rows;
}

function isSame(one: Row | undefined, other: Row | undefined): boolean {
  return one !== undefined && one.value === other?.value && one.flag === other.flag;
}

function wasRead({ flag }: Row): boolean {
  return flag !== "failed";
}

/** What the file says of its first inverter, by its own times; a register of the device holds whole watts. */
function recorded(): { readonly at: number; readonly watts: number }[] {
  const lines = gunzipSync(readFileSync(trace)).toString().split("\n");
  const column = (lines[0] ?? "").split(",").indexOf("inv1_power");
  return lines
    .slice(1)
    .map((line) => line.split(","))
    .map((cells) => ({
      at: Date.parse(`${cells[0]?.replace(" ", "T")}-06:00`),
      watts: Math.round(Number(cells[column])),
    }))
    .filter(({ at }) => at >= from && at < to);
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const trace = path("../data/pv/plants/plant_8inverters_5min.csv.gz");

/** Clouds, values with noise, and a device that shows a recording. */
function scenarioOfThePlant() {
  const map = path("../../simulators/maps/plant-8inverters.yaml");
  const inverter = { kind: "inverter", ratedDcW: 960_000, ratedAcW: 800_000 };
  const told = (at: number) => new Date(at).toISOString();
  return {
    ...{ seed: "twice", origin: told(start - 60 * minute), start: told(start) },
    plants: [
      {
        ...{ code: "twice", name: { en: "Twice" }, timeZone: "Etc/GMT+6" },
        ...{ latitude: 18, longitude: -92, altitudeM: 50, tilt: 20, azimuth: 180 },
        ...{ gammaPerC: -0.004, commissioned: "1988-01-01" },
        ...{ gateway: "twice-gw", historyGateway: "twice-history" },
        weather: { sky: "broken" },
        load: { baseW: 50_000, shiftW: 100_000 },
        devices: [
          { tag: "INV-01", profile: "sunspec", ...inverter },
          { tag: "METER-01", kind: "meter", profile: "eastron-sdm630", atGrid: true },
          { tag: "MET-01", kind: "sensor", profile: "sunspec" },
          {
            ...{ tag: "REC-01", profile: "huawei-sun2000", ...inverter },
            replays: { file: trace, map, device: "INV-01" },
          },
        ],
        faults: [
          {
            ...{ kind: "noise", device: "INV-01", points: ["ac.power.active"], share: 0.05 },
            ...{ start: told(start), end: told(start + 40 * minute) },
          },
        ],
      },
    ],
  };
}
