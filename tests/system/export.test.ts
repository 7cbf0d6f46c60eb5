import { earliestInstant, latestInstant } from "@sunledger/model";
import type { PointValue } from "@sunledger/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentOf, startHouse, sunledger, type TestHouse } from "../support/house.ts";
import { openStored, type StoredHouse } from "../support/stored.ts";
import { until } from "../support/until.ts";

const always = { from: earliestInstant, to: latestInstant };
const point = "ac.power.active";
let house: TestHouse;
let stored: StoredHouse;
let device: string;

beforeAll(async () => {
  house = await startHouse();
  stored = await openStored(house.databaseUrl);
  device = await until("an inverter that has announced itself", async () => {
    const devices = await stored.records.devices(stored.organisation);
    return devices.find(({ tag, announcement }) => tag === "INV-03" && announcement)?.id;
  });
});

afterAll(async () => {
  await stored?.close();
  await house?.remove();
});

test("exported frames are the stored ones, in both formats", async () => {
  const values = await until("some values", async () => {
    const found = await storedValues();
    return found.length >= 5 && found.slice(0, 5);
  });
  const range = [iso(values[0]?.at), iso((values[4]?.at ?? 0) + 1)] as const;
  const expected = values.map(({ at, value, flag }) => ({
    device: expect.stringMatching(/^(qinghe|baishan)\/INV-03$/),
    point,
    time: iso(at),
    value,
    quality: flag ?? "good",
  }));

  const lines = await exported(range, "jsonl");
  expect(lines.map((line) => JSON.parse(line))).toEqual(expected);

  const [head, ...rows] = await exported(range, "csv");
  expect(head).toBe("device,point,time,value,quality");
  expect(rows.map((row) => row.split(",").slice(1))).toEqual(
    values.map(({ at, value, flag }) => [point, iso(at), String(value ?? ""), flag ?? "good"]),
  );
});

test("a whole plant is exported, as Parquet too", async () => {
  const { from, to } = await until("values of two inverters of a plant", async () => {
    const found = await storedValues();
    return found.length >= 5 && { from: iso(found[0]?.at), to: iso((found[4]?.at ?? 0) + 1) };
  });
  const args = ["--plant", "qinghe", "--points", point, "--from", from, "--to", to];

  const lines = (await frames(...args, "--format", "csv")).output.trim().split("\n").slice(1);
  const devices = lines.map((line) => line.slice(0, line.indexOf(",")));
  expect(new Set(devices).size).toBeGreaterThan(5);
  expect(devices).toEqual([...devices].sort());

  const parquet = await frames(...args, "--format", "parquet");
  expect([parquet.code, parquet.output.slice(0, 4), parquet.output.slice(-4)]).toEqual([
    ...[0, "PAR1", "PAR1"],
  ]);
});

test("an unknown device is refused by name, with those that it may have meant", async () => {
  const args = [
    "export",
    "frames",
    "--device",
    "qinghe/INV-99",
    ...times("2026-01-01", "2026-01-02"),
  ];
  const { code, output } = await sunledger(args, environmentOf(house.dataDir, house.ports));

  expect(code).toBe(1);
  expect(output).toContain('No device is called "qinghe/INV-99"');
  expect(output).toMatch(/(Did you mean|Known:) .*qinghe\/INV-0\d/);
});

test("without --points all points are exported that the device has frames of", async () => {
  const values = await storedValues();
  const [from, to] = [iso(values[0]?.at), iso((values[0]?.at ?? 0) + 60_000)];
  const { code, output } = await frames("--device", device, "--from", from, "--to", to);
  const points = new Set(
    output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).point),
  );

  expect(code).toBe(0);
  expect(points.size).toBeGreaterThan(10);
  expect(points).toContain(point);
});

test("a point that the device does not have is refused by name, with those that it may have meant", async () => {
  const where = ["--device", device, ...times("2026-01-01", "2026-01-02")];
  const { code, output, errors } = await frames(...where, "--points", `${point},ac.power.activ`);

  expect([code, errors]).toEqual([1, output]);
  expect(errors).toMatch(
    /^(qinghe|baishan)\/INV-03 has no point ac\.power\.activ\. Did you mean ac\.power\.active\b/,
  );
});

test("an unknown organisation is refused, and none is made", async () => {
  const where = ["--device", device, ...times("2026-01-01", "2026-01-02")];
  for (const _again of [1, 2]) {
    const { code, errors } = await frames(...where, "--organisation", "Sunleger Demo");

    expect([code, errors]).toEqual([
      1,
      'There is no organisation "Sunleger Demo" in the database; known: Sunledger Demo.\n',
    ]);
  }
});

test("a range that ends before it begins is refused", async () => {
  const { code, errors } = await frames("--device", device, ...times("2026-01-02", "2026-01-01"));

  expect([code, errors]).toEqual([
    1,
    "--from must be before --to: 2026-01-02T00:00:00.000Z is not before 2026-01-01T00:00:00.000Z.\n",
  ]);
});

test("a range without frames says so beside the empty result", async () => {
  const { code, output, errors } = await frames(
    "--device",
    device,
    ...times("2020-01-01", "2020-01-02"),
  );

  expect([code, errors]).toEqual([0, output]);
  expect(errors).toMatch(/^no frames of \w+\/INV-03 from 2020-01-01T00:00:00.000Z to 2020-01-02T/);
});

function frames(...options: string[]) {
  return sunledger(["export", "frames", ...options], environmentOf(house.dataDir, house.ports));
}

async function storedValues(): Promise<PointValue[]> {
  const range = { organisation: stored.organisation, devices: [device], points: [point] };
  const values: PointValue[] = [];
  for await (const value of stored.store.read({ ...range, ...always })) values.push(value);
  return values;
}

async function exported([from, to]: readonly [string, string], format: string): Promise<string[]> {
  const options = ["--device", device, "--points", point, "--format", format];
  const args = ["export", "frames", ...options, "--from", from, "--to", to];
  const { code, output } = await sunledger(args, environmentOf(house.dataDir, house.ports));
  expect(code).toBe(0);
  return output.trim().split("\n");
}

function times(from: string, to: string): string[] {
  return ["--from", `${from}T00:00:00Z`, "--to", `${to}T00:00:00Z`];
}

function iso(at: number | undefined): string {
  return new Date(at ?? 0).toISOString();
}
