import { expect, test } from "vitest";
import type { BlockRules } from "../modbus/blocks.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { ReadSpan } from "../modbus/read-request.ts";
import { pointOf } from "../modbus/testing/point-of.ts";
import { pointNow } from "./point-now.ts";

const rules: BlockRules = { maxRegisters: 100, maxGap: 20, unreadable: [] };
const point = pointOf({
  ...{ name: "setpoint.activePower.percent", address: 10, type: "uint16" },
  scaleRegister: { kind: "holding", address: 30, type: "int16", negate: false },
});
const registers = new Map([
  [10, 500],
  [30, 0xffff],
]);
const scale: ReadSpan = { kind: "holding", address: 30, count: 1 };
const value: ReadSpan = { kind: "holding", address: 10, count: 1 };

test.each([
  ["in one request", {}, [{ kind: "holding", address: 10, count: 21 }]],
  ["apart where the device gives fewer at once", { maxRegisters: 20 }, [scale, value, scale]],
  [
    "apart where it refuses what lies between",
    { unreadable: [{ kind: "holding" as const, start: 20, end: 21 }] },
    [scale, value, scale],
  ],
  ["apart where no request may cross that line", { alignRegisters: 16 }, [scale, value, scale]],
  ["at even addresses", { alignRegisters: 2 }, [{ kind: "holding", address: 10, count: 22 }]],
])("a value and its scale register are read %s", async (_how, own, spans) => {
  const device = deviceWith(own);
  expect(await pointNow(point, device)).toMatchObject({ value: 50, power: -1, words: [500] });
  expect(device.asked).toEqual(spans);
});

test("a value whose scale register changes while it is read belongs to neither", async () => {
  let reads = 0;
  const device = deviceWith({ maxRegisters: 2 }, () => {
    reads += 1;
    if (reads === 2) registers.set(30, 0xfffe);
  });
  await expect(pointNow(point, device)).rejects.toThrow(ModbusError);
  registers.set(30, 0xffff);
});

function deviceWith(own: Partial<BlockRules>, onRead = () => {}) {
  const asked: ReadSpan[] = [];
  return {
    asked,
    rules: { ...rules, ...own },
    async read(span: ReadSpan) {
      asked.push(span);
      onRead();
      return Array.from({ length: span.count }, (_, i) => registers.get(span.address + i) ?? 0);
    },
  };
}
