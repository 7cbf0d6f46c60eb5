import { decimalText, one, zero } from "@sunledger/model/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seed } from "../../../tests/support/thoroughness.ts";
import type { BlockRules } from "./blocks.ts";
import { ModbusError } from "./modbus-error.ts";
import type { Said } from "./plain-value.ts";
import { pointReader } from "./point-reader.ts";
import type { ReadSpan } from "./read-request.ts";
import type { RegisterPoint } from "./register-point.ts";

const rules: BlockRules = { maxRegisters: 125, maxGap: 10, unreadable: [] };

describe("a round of reading", () => {
  test("brings every point in few requests", async () => {
    const device = fakeDevice();
    const points = [pointAt(10), pointAt(11), pointAt(15)];

    expect(await read(device, points)).toEqual([10, 11, 15]);
    expect(device.requests).toEqual([[10, 6]]);
  });

  test("a value and its scale register come in one request (trait 14)", async () => {
    const device = fakeDevice();
    const points = [pointAt(10, { scaleAt: 100 }), pointAt(40, { scaleAt: 100 })];

    await read(device, points);

    expect(device.requests).toEqual([[10, 91]]);
  });
});

describe("learning what a device has (trait 5)", () => {
  test("finds the optional registers that are missing, merges the rest, and remembers", async () => {
    const device = fakeDevice();
    device.missing.add(13);
    const points = [10, 11, 12, 13, 14, 15].map((at) => pointAt(at, { optional: true }));
    const reader = pointReader(rules);
    const round = async () => {
      device.requests.length = 0;
      return [...(await reader.read(points, device.read)).keys()].map(({ address }) => address);
    };

    expect((await round()).sort()).toEqual([10, 11, 12, 14, 15]);
    expect([...reader.missing].map(({ address }) => address)).toEqual([13]);
    await round();
    expect(device.requests).toEqual([
      [10, 3],
      [14, 2],
    ]);

    device.missing.clear();
    reader.forget();
    expect(await round()).toEqual([10, 11, 12, 13, 14, 15]);
    expect(device.requests).toEqual([[10, 6]]);
  });

  test("a promised register that is refused fails alone, again and again", async () => {
    const device = fakeDevice();
    device.missing.add(11);
    const points = [pointAt(10), pointAt(11), pointAt(12)];
    const reader = pointReader(rules);
    await reader.read(points, device.read);
    device.requests.length = 0;

    const decoded = await reader.read(points, device.read);

    expect(points.map((point) => decoded.get(point))).toMatchObject([
      { number: {} },
      { flag: "failed" },
      { number: {} },
    ]);
    expect(device.requests).toEqual([
      [10, 1],
      [11, 1],
      [12, 1],
    ]);
  });

  test("a gap that may not be crossed is not crossed again", async () => {
    const device = fakeDevice();
    device.missing.add(13);
    const points = [pointAt(10), pointAt(11), pointAt(15)];
    const reader = pointReader(rules);
    await reader.read(points, device.read);
    device.requests.length = 0;

    await reader.read(points, device.read);

    expect(device.requests).toEqual([
      [10, 2],
      [15, 1],
    ]);
    expect(reader.missing.size).toBe(0);
  });

  test("whatever is missing, all the rest is read and nothing is asked for in vain twice", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 8 }),
        async (addresses, missing) => {
          const device = fakeDevice();
          for (const address of missing) device.missing.add(address);
          const points = addresses.map((address) => pointAt(address, { optional: true }));
          const reader = pointReader(rules);
          const there = addresses.filter((address) => !device.missing.has(address));
          // A device that refuses everything is at fault.
          fc.pre(there.length > 0);
          for (let round = 0; round < 8; round += 1) {
            device.refusals = 0;
            const decoded = await reader.read(points, device.read);

            const got = [...decoded.keys()].map(({ address }) => address);
            expect(got.sort()).toEqual([...there].sort());
          }
          expect(device.refusals).toBe(0);
        },
      ),
      { seed, numRuns: 60 },
    );
  });
});

describe("an optional point that never has a value (rule 8)", () => {
  const empty = 0xffff;
  const points = [10, 11, 12].map((at) => pointAt(at, { optional: true, invalid: [65_535n] }));
  const [, middle] = points as [RegisterPoint, RegisterPoint, RegisterPoint];

  function watched() {
    const device = fakeDevice({ 11: empty });
    const reader = pointReader(rules);
    const asked = async (wanted: readonly RegisterPoint[] = points) => [
      ...(await reader.read(wanted, device.read)).keys(),
    ];
    return { device, reader, asked };
  }

  test("is left out after a whole day, asked for once a day, and crossed by the others' request", async () => {
    const { device, reader, asked } = watched();
    for (const _night of ["at the connection", "at midnight"]) {
      reader.forget();
      await asked();
      expect(await asked()).toContain(middle);
    }
    for (let hour = 0; hour < 24; hour += 1) expect(await asked()).toContain(middle);
    reader.forget();
    expect(await asked()).toContain(middle);

    expect(await asked()).not.toContain(middle);
    expect([...reader.missing]).toEqual([middle]);
    expect(device.requests.at(-1)).toEqual([10, 3]);
    reader.forget();
    expect(await asked()).toContain(middle);
    expect(await asked()).not.toContain(middle);
  });

  test("comes back with its first value at the next day", async () => {
    const { device, reader, asked } = watched();
    for (let day = 0; day < 4; day += 1) {
      reader.forget();
      await asked();
    }
    expect([...reader.missing]).toEqual([middle]);
    device.registers.set(11, 4_711);
    reader.forget();

    expect(await asked()).toContain(middle);
    expect(await asked()).toContain(middle);
    expect(reader.missing.size).toBe(0);
  });

  test("is tried once when it is time, of which nobody hears while it has none", async () => {
    const { device, reader, asked } = await barren();
    device.requests.length = 0;
    reader.tryEmpty();

    expect(await asked([middle])).toEqual([]);
    expect(await asked([middle])).toEqual([]);
    expect(device.requests).toEqual([[11, 1]]);
    expect([...reader.missing]).toEqual([middle]);
  });

  test("is tried until it is answered, and is back with its first value", async () => {
    const { device, reader, asked } = await barren();
    reader.tryEmpty();
    device.silent.add(11);
    await expect(asked([middle])).rejects.toThrow("no answer");
    device.silent.clear();
    device.registers.set(11, 4_711);

    expect(await asked()).toContain(middle);
    device.registers.set(11, empty);
    expect(await asked()).toContain(middle);
    expect(reader.missing.size).toBe(0);
  });

  test("is not tried again where it is refused by then", async () => {
    const { device, reader, asked } = await barren();
    reader.tryEmpty();
    device.missing.add(11);
    expect(await asked([middle])).toEqual([]);
    await asked();
    device.requests.length = 0;
    expect(await asked()).toEqual([points[0], points[2]]);
    expect(device.refusals).toBeGreaterThan(0);
    expect(device.requests).toEqual([
      [10, 1],
      [12, 1],
    ]);
  });

  test("stays when it has had a value at any time, however long ago", async () => {
    const { device, reader, asked } = watched();
    device.registers.set(11, 5);
    await asked();
    device.registers.set(11, empty);
    for (let day = 0; day < 5; day += 1) {
      reader.forget();
      await asked();
    }

    expect(await asked()).toContain(middle);
  });

  test("stays where it counts, since it may not have begun to", async () => {
    const name = "ac.energy.import.total";
    const counter = { ...pointAt(11, { optional: true, invalid: [0n] }), name };
    const device = fakeDevice({ 11: 0 });
    const reader = pointReader(rules);
    for (let day = 0; day < 5; day += 1) {
      reader.forget();
      await reader.read([counter], device.read);
    }

    expect([...(await reader.read([counter], device.read)).keys()]).toEqual([counter]);
  });

  async function barren() {
    const all = watched();
    for (let day = 0; day < 4; day += 1) {
      all.reader.forget();
      await all.asked();
    }
    expect([...all.reader.missing]).toEqual([middle]);
    return all;
  }
});

describe("failures", () => {
  test("a request without an answer leaves its points failed and the others good", async () => {
    const device = fakeDevice();
    device.silent.add(50);

    expect(await read(device, [pointAt(10), pointAt(50)])).toEqual([10, "failed"]);
  });

  test("a device that answers nothing is not asked for the rest", async () => {
    const device = fakeDevice();
    for (const at of [10, 50, 90, 130]) device.silent.add(at);

    const reading = read(
      device,
      [10, 50, 90, 130].map((at) => pointAt(at)),
    );

    await expect(reading).rejects.toMatchObject({ kind: "timeout" });
    expect(device.requests).toHaveLength(2);
  });

  test("a lost connection ends the round", async () => {
    const device = fakeDevice();
    device.onRead = ({ address }) => {
      if (address === 50) throw new ModbusError("connection", "gone");
    };

    await expect(read(device, [pointAt(10), pointAt(50)])).rejects.toMatchObject({
      kind: "connection",
    });
  });
});

function fakeDevice(registers: Record<number, number> = {}) {
  const device = {
    registers: new Map(Object.entries(registers).map(([at, word]) => [Number(at), word])),
    missing: new Set<number>(),
    silent: new Set<number>(),
    requests: [] as [number, number][],
    refusals: 0,
    onRead: (_span: ReadSpan): void => undefined,
    async read(span: ReadSpan): Promise<number[]> {
      const { address, count } = span;
      device.requests.push([address, count]);
      device.onRead(span);
      const places = Array.from({ length: count }, (_, i) => address + i);
      if (places.some((place) => device.silent.has(place))) {
        throw new ModbusError("timeout", "no answer in time");
      }
      if (places.some((place) => device.missing.has(place))) {
        device.refusals += 1;
        throw new ModbusError("exception", "refused", { exception: 2 });
      }
      const isScale = (place: number) => place === 100 || place === 200;
      return places.map((at) => device.registers.get(at) ?? (isScale(at) ? 0 : at));
    },
  };
  return device;
}

async function read(device: ReturnType<typeof fakeDevice>, points: readonly RegisterPoint[]) {
  const decoded = await pointReader(rules).read(points, device.read);
  return points.map((point) => worthOf(decoded.get(point)));
}

function worthOf(result: Said | undefined) {
  if (!result || "text" in result) return undefined;
  if ("value" in result) return result.value;
  return "number" in result ? Number(decimalText(result.number)) : result.flag;
}

function pointAt(
  address: number,
  {
    optional = false,
    scaleAt,
    invalid = [],
  }: { optional?: boolean; scaleAt?: number; invalid?: RegisterPoint["invalid"] } = {},
): RegisterPoint {
  const scaleRegister = { kind: "holding", address: scaleAt ?? 0, type: "int16", negate: false };
  return {
    name: `point.${address}`,
    kind: "holding",
    address,
    size: 1,
    type: "uint16",
    wordOrder: "big",
    byteOrder: "big",
    invalid,
    scale: one,
    offset: zero,
    ...(scaleAt !== undefined && {
      scaleRegister: scaleRegister as NonNullable<RegisterPoint["scaleRegister"]>,
    }),
    multiplyBy: [],
    optional,
    readAlone: false,
    source: "",
  };
}
