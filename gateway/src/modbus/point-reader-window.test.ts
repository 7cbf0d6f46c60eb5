import { expect, test } from "vitest";
import { ModbusError } from "./modbus-error.ts";
import { pointReader, type ReadRegisters } from "./point-reader.ts";
import { pointOf } from "./testing/point-of.ts";

const rules = { maxRegisters: 125, maxGap: 0, unreadable: [] };
/** Far enough from each other for a request each. */
const points = [0, 10, 20, 30, 40, 50].map((address) => pointOf({ address }));

test.each([1, 3, 8])(
  "a window of %i: so many requests at once, and every value its own",
  async (window) => {
    let inFlight = 0;
    let most = 0;
    const readRegisters: ReadRegisters = async ({ address }) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      await new Promise((resolve) => setTimeout(resolve, address === 0 ? 8 : 2));
      inFlight -= 1;
      return [1_000 + address];
    };

    const decoded = await pointReader(rules, window).read(points, readRegisters);

    expect(most).toBe(Math.min(window, points.length));
    expect(points.map((point) => decoded.get(point))).toEqual(
      points.map(({ address }) => ({ value: 1_000 + address })),
    );
  },
);

test("what the device refuses is found among requests in flight together, and left out from then on", async () => {
  const optional = points.map((point) => ({ ...point, optional: true }));
  const asked: number[] = [];
  const readRegisters: ReadRegisters = async ({ address }) => {
    asked.push(address);
    if (address % 20 === 10) throw new ModbusError("exception", "refused", { exception: 2 });
    return [address];
  };
  const reader = pointReader(rules, 4);
  await reader.read(optional, readRegisters);
  asked.length = 0;

  const decoded = await reader.read(optional, readRegisters);

  expect(asked.sort()).toEqual([0, 20, 40]);
  expect(decoded.size).toBe(3);
});

test("a lost connection ends the round: nothing more is asked, and nothing is under way after it", async () => {
  let underWay = 0;
  let asked = 0;
  const readRegisters: ReadRegisters = async ({ address }) => {
    asked += 1;
    underWay += 1;
    await new Promise((resolve) => setTimeout(resolve, address === 10 ? 1 : 10));
    underWay -= 1;
    if (address === 10) throw new ModbusError("connection", "gone");
    return [address];
  };

  await expect(pointReader(rules, 2).read(points, readRegisters)).rejects.toMatchObject({
    kind: "connection",
  });
  expect([asked, underWay]).toEqual([2, 0]);
});
