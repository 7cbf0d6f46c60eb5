import { describe, expect, test } from "vitest";
import { ModbusError } from "./modbus-error.ts";
import { type PointReader, pointReader } from "./point-reader.ts";
import type { ReadSpan } from "./read-request.ts";
import type { RegisterPoint } from "./register-point.ts";
import { pointOf } from "./testing/point-of.ts";

const rules = { maxRegisters: 125, maxGap: 10, unreadable: [] };
const optional = [10, 11, 12].map((address) => ({ ...pointOf({ address }), optional: true }));
const promised = [10, 11, 12].map((address) => pointOf({ address }));

describe("a device that refuses for a while (trait 5)", () => {
  test.each([
    ["optional", optional],
    ["promised", promised],
  ])(
    "all of its %s points: nothing is learnt, and all is back with the first answer",
    async (_what, points) => {
      const { device, reader, round } = opened();
      expect(await round(points)).toEqual([10, 11, 12]);
      device.refuses = () => true;
      for (let i = 0; i < 5; i += 1) {
        await expect(reader.read(points, device.read)).rejects.toMatchObject({ exception: 2 });
      }
      expect([reader.missing.size, reader.refused.size]).toEqual([0, 0]);

      device.refuses = () => false;
      device.requests.length = 0;
      expect(await round(points)).toEqual([10, 11, 12]);
      expect(device.requests).toEqual([[10, 3]]);
    },
  );

  test("all from the start: that is a fault, and no map of the device", async () => {
    const { device, reader, round } = opened();
    device.refuses = () => true;
    await expect(reader.read(optional, device.read)).rejects.toMatchObject({ exception: 2 });
    device.refuses = () => false;
    expect(await round(optional)).toEqual([10, 11, 12]);
  });

  test("one that it has answered: it fails alone, and is back as soon as it is answered", async () => {
    const { device, reader, round } = opened();
    await round(optional);
    device.refuses = (address) => address === 11;
    expect(await round(optional)).toEqual([10, "failed", 12]);
    expect(reader.missing.size).toBe(0);

    device.refuses = () => false;
    expect(await round(optional)).toEqual([10, 11, 12]);
    device.requests.length = 0;
    await round(optional);
    expect(device.requests).toEqual([[10, 3]]);
  });

  test("one for long: it is asked for less and less, and never given up", async () => {
    const { device, round } = opened();
    await round(optional);
    device.refuses = (address) => address === 11;
    let asked = 0;
    for (let i = 0; i < 300; i += 1) {
      device.requests.length = 0;
      expect(await round(optional)).toEqual([10, "failed", 12]);
      asked += device.requests.filter(
        ([address, count]) => address <= 11 && address + count > 11,
      ).length;
    }
    expect(asked).toBeGreaterThan(8);
    expect(asked).toBeLessThan(16);

    device.refuses = () => false;
    const back = [];
    for (let i = 0; i <= 64; i += 1)
      back.push(...(await round(optional)).filter((one) => one === 11));
    expect(back.length).toBeGreaterThan(0);
  });

  test("one request for a moment: what its values share with their scale register is no circle", async () => {
    const { device, round } = opened();
    const scaleRegister = { kind: "holding", address: 0, type: "int16", negate: false } as const;
    const scaled = [10, 11].map((address) => pointOf({ address, scaleRegister }));
    device.refuses = () => device.requests.length === 1;
    expect(await round(scaled)).toEqual([10, 11]);

    expect(await round(scaled)).toEqual([10, 11]);
  });

  test("one request of one class: another class's own points are read all the same", async () => {
    const { device, round } = opened();
    const [first, middle, last] = promised as [RegisterPoint, RegisterPoint, RegisterPoint];
    device.refuses = () => device.requests.length === 1;
    expect(await round([first, last])).toEqual([10, 12]);

    expect(await round([first, middle, last])).toEqual([10, 11, 12]);
  });

  test("a class of which it has nothing, while others are answered: it is no fault", async () => {
    const { device, reader, round } = opened();
    device.refuses = (address) => address > 50;
    const others = [60, 61].map((address) => pointOf({ address }));
    await round([...promised, ...others]);
    expect(await round(others)).toEqual(["failed", "failed"]);
    expect(reader.refused.size).toBe(2);
  });
});

function opened() {
  const device = {
    refuses: (_address: number): boolean => false,
    requests: [] as [number, number][],
    read: async ({ address, count }: ReadSpan): Promise<number[]> => {
      device.requests.push([address, count]);
      const places = Array.from({ length: count }, (_, i) => address + i);
      if (!places.some(device.refuses)) return places;
      throw new ModbusError("exception", "refused", { exception: 2 });
    },
  };
  const reader: PointReader = pointReader(rules);
  const round = async (points: typeof promised) => {
    const decoded = await reader.read(points, device.read);
    return points.map((point) => {
      const result = decoded.get(point) ?? { flag: "missing" };
      if ("value" in result) return result.value;
      if ("number" in result) return Number(result.number.digits);
      return "flag" in result ? result.flag : result.text;
    });
  };
  return { device, reader, round };
}
