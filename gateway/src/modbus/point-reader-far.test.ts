import { decimalText } from "@sunledger/model/decimal";
import { describe, expect, test } from "vitest";
import { ModbusError } from "./modbus-error.ts";
import type { Said } from "./plain-value.ts";
import { pointReader } from "./point-reader.ts";
import type { ReadSpan } from "./read-request.ts";
import type { RegisterPoint } from "./register-point.ts";
import { pointOf } from "./testing/point-of.ts";

const rules = { maxRegisters: 125, maxGap: 10, unreadable: [] };
/** Beyond this stand scale factors, of 10 each; a register below holds its own number. */
const scales = 200;

describe("values too far from their scale registers to come with them (trait 14)", () => {
  test("the scale registers are read before and after", async () => {
    const { round, requests } = opened();

    expect(await round([far(10, 200)])).toEqual([100]);
    expect(requests).toEqual([
      [200, 1],
      [10, 1],
      [200, 1],
    ]);
  });

  test("scale registers of one address in two tables are two", async () => {
    const scaleRegister = { kind: "input", address: 200, type: "int16", negate: false } as const;
    const points = [far(10, 200), { ...far(11, 200), scaleRegister }];
    const powers = { holding: 1, input: 2 };
    const decoded = await pointReader(rules).read(points, async ({ kind, address, count }) =>
      address === 200
        ? [kind === "input" ? powers.input : powers.holding]
        : Array.from({ length: count }, (_, i) => address + i),
    );

    expect(points.map((point) => worthOf(decoded.get(point)))).toEqual([100, 1_100]);
  });

  test("a scale that changed in between drops the value", async () => {
    const { device, round } = opened();
    device.onRead = ({ address }) => {
      if (address === 10) device.power = 2;
    };

    expect(await round([far(10, 200)])).toEqual(["failed"]);
  });
});

describe("a part of them that fails", () => {
  test("an optional one that is refused is found and remembered; the others have their values", async () => {
    const { device, round, requests, reader } = opened();
    device.refused.add(12);
    const points = [10, 12, 14, 40].map((address) => far(address, 200, true));

    expect(await round(points)).toEqual([100, undefined, 140, 400]);
    expect([...reader.missing].map(({ address }) => address)).toEqual([12]);

    requests.length = 0;
    expect(await round(points)).toEqual([100, undefined, 140, 400]);
    expect(requests).toEqual([
      [200, 1],
      [10, 1],
      [14, 1],
      [40, 1],
      [200, 1],
    ]);

    device.refused.clear();
    reader.forget();
    expect(await round(points)).toEqual([100, 120, 140, 400]);
  });

  test("a promised one that is refused is asked for alone, ever more rarely, and comes back", async () => {
    const { device, round, requests } = opened();
    device.refused.add(12);
    const points = [10, 12, 14].map((address) => far(address, 200));
    for (let i = 0; i < 100; i += 1) expect(await round(points)).toEqual([100, "failed", 140]);
    expect(Math.max(...requests.map(([, count = 0]) => count))).toBeLessThanOrEqual(125);
    const asked = requests.filter(([at = 0, count = 0]) => at <= 12 && 12 < at + count).length;
    expect(asked).toBeLessThan(12);

    device.refused.clear();
    const later = [];
    for (let i = 0; i < 65; i += 1) later.push((await round(points))[1]);
    expect(later.at(-1)).toBe(120);
  });

  test("what is not answered fails alone", async () => {
    const { device, round } = opened();
    device.silent.add(40);

    expect(await round([far(10, 200), far(40, 200)])).toEqual([100, "failed"]);
  });

  test("a scale register that is refused takes its own values with it, and no others", async () => {
    const { device, round, requests, reader } = opened();
    device.refused.add(202);
    const points = [far(10, 200, true), far(11, 202, true), far(12, 204, true)];

    expect(await round(points)).toEqual([100, undefined, 120]);
    expect([...reader.missing].map(({ address }) => address)).toEqual([11]);
    requests.length = 0;
    expect(await round(points)).toEqual([100, undefined, 120]);
    expect(requests.flat()).not.toContain(11);
  });

  test("a scale register that is not answered fails its own values, and no others", async () => {
    const { device, round } = opened();
    device.silent.add(300);

    expect(await round([far(10, 200), far(11, 300)])).toEqual([100, "failed"]);
  });

  test("a scale register that is refused after the values fails them, and nothing is learnt of it", async () => {
    const { device, round, reader } = opened();
    device.onRead = ({ address }) => {
      if (address === 10) device.refused.add(200);
    };
    const points = [far(10, 200, true), far(11, 300, true)];

    expect(await round(points)).toEqual(["failed", 110]);
    expect(reader.missing.size).toBe(0);
  });
});

function far(address: number, scaleAt: number, optional = false): RegisterPoint {
  const scaleRegister = {
    kind: "holding",
    address: scaleAt,
    type: "int16",
    negate: false,
  } as const;
  return pointOf({ name: `point.${address}`, address, optional, scaleRegister });
}

function opened() {
  const reader = pointReader(rules);
  const requests: number[][] = [];
  const device = {
    refused: new Set<number>(),
    silent: new Set<number>(),
    power: 1,
    onRead: (_span: ReadSpan): void => undefined,
  };
  const read = async (span: ReadSpan) => {
    const { address, count } = span;
    requests.push([address, count]);
    device.onRead(span);
    const places = Array.from({ length: count }, (_, i) => address + i);
    if (places.some((place) => device.silent.has(place))) {
      throw new ModbusError("timeout", "no answer in time");
    }
    if (places.some((place) => device.refused.has(place))) {
      throw new ModbusError("exception", "refused", { exception: 2 });
    }
    return places.map((place) => (place < scales ? place : device.power));
  };
  const round = async (points: readonly RegisterPoint[]) => {
    const decoded = await reader.read(points, read);
    return points.map((point) => worthOf(decoded.get(point)));
  };
  return { reader, requests, device, round };
}

function worthOf(result: Said | undefined) {
  if (!result || "text" in result) return undefined;
  if ("value" in result) return result.value;
  return "number" in result ? Number(decimalText(result.number)) : result.flag;
}
