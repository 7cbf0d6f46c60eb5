import { addressOf } from "@sunledger/model/device-url";
import { afterEach, describe, expect, test } from "vitest";
import { refuses } from "../../../tests/support/modbus-peer/misbehaviour.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { WriteSpan } from "../modbus/write-request.ts";
import type { Tell } from "../proxy/proxied-write.ts";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import { allowed, type Bench, type BenchOptions, noon } from "./testing/bench.ts";
import { closeBench, started } from "./testing/started.ts";

afterEach(closeBench);

const limit = { code: 6, address: 100, words: [500] } as const;
const watts = { code: 16, address: 102, words: [0, 5_000] } as const;
const elsewhere = { code: 6, address: 900, words: [1] } as const;
const minute = 60_000;

describe("what a client of a proxy writes (gateway trait 22)", () => {
  test("is on record: where, which words, and from which host", async () => {
    const { write, notes } = await met();

    expect(await write({ code: 16, address: 900, words: [7, 8] })).toBe("told");
    expect(notes).toEqual([
      {
        ...{ point: "holding.900", kind: "written", at: noon, before: "", after: "7 8" },
        by: { id: "proxy", name: "Modbus client 10.0.0.7, unit 1" },
      },
    ]);
  });

  test("is on record once a minute at most, by its last words, and the same words once", async () => {
    const { write, notes, clock } = await met();
    const said = () => notes.map(({ after }) => after);
    for (const word of [1, 2, 3]) await write({ ...elsewhere, words: [word] });
    await write({ ...elsewhere, address: 901 });
    expect(said()).toEqual(["1", "1"]);

    await clock.advance(noon + minute);
    expect(said()).toEqual(["1", "1", "3"]);
    for (let passed = 2; passed < 5; passed += 1) {
      await write({ ...elsewhere, words: [3] });
      await clock.advance(noon + passed * minute);
    }
    expect(said()).toEqual(["1", "1", "3"]);
    await clock.advance(noon + 6 * minute);
    await write({ ...elsewhere, words: [3] });
    expect(said()).toEqual(["1", "1", "3", "3"]);
  });

  test("is not on record where the device refused it", async () => {
    const { letWrite, notes } = await met();
    const refused = new ModbusError("exception", "no", { exception: 2 });

    await expect(letWrite(elsewhere, sent(refused))).rejects.toBe(refused);
    expect(notes).toEqual([]);
    const lost = new ModbusError("timeout", "no answer");
    await expect(letWrite(elsewhere, sent(lost))).rejects.toBe(lost);
    expect(notes).toHaveLength(1);
  });

  test("is neither on record nor counted where it never went out", async () => {
    const { letWrite, write, order, ended, notes } = await met();
    const off = new ModbusError("connection", "refused");
    for (let i = 0; i < 10; i += 1) {
      await expect(letWrite(watts, () => Promise.reject(off))).rejects.toBe(off);
    }

    expect(notes).toEqual([]);
    expect(await write(watts)).toBe("told");
    const set = {
      kind: "set",
      device: "INV-01",
      point: "setpoint.activePower.watts",
      value: 4_000,
    };
    expect(await ended(order(set))).toMatchObject({ state: "done" });
  });

  test.each<[string, WriteSpan]>([
    ["there", limit],
    ["across it", { code: 16, address: 98, words: [0, 0, 500] }],
  ])("waits while an order stands %s, and goes through after it", async (_, span) => {
    const { set, order, ended, write } = await met();
    await ended(set(60));

    expect(await write(span)).toBe("held");
    expect(await write({ ...span, code: 15 })).toBe("told");
    expect(await write(span, { unit: 0 })).toBe("held");
    // Many a device answers to any unit.
    expect(await write(span, { unit: 2 })).toBe("held");
    const point = "setpoint.activePower.percent";
    await ended(order({ kind: "release", device: "INV-01", point }));
    expect(await write(span)).toBe("told");
  });

  test.each([
    ["was switched on for an order", 0],
    ["was on before the order, which needs it", 1],
  ])("leaves alone what %s", async (_, before) => {
    const { set, ended, write } = await met(limited(before));
    expect(await write(off)).toBe("told");
    const id = set(60);
    expect(await write(off)).toBe("held");
    expect(await ended(id)).toMatchObject({ state: "done" });
    expect(await write(off)).toBe("held");
  });

  test("keeps no order out: it waits for the write under way, and goes before the next", async () => {
    const { letWrite, write, set, ended } = await met();
    const going = Promise.withResolvers<void>();
    const first = letWrite(limit, async (onSend) => {
      onSend();
      await going.promise;
    });
    const id = set(60);
    const next = first.then(() => write(limit));
    going.resolve();

    expect(await first).toBe(true);
    expect(await next).toBe("held");
    expect(await ended(id)).toMatchObject({ state: "done" });
  });

  test("is told no oftener than flash stands it, orders counted with it", async () => {
    const { order, ended, write, clock } = await met();
    const place = { device: "INV-01", point: "setpoint.activePower.watts" };
    const set = { kind: "set", ...place, value: 4_000 };
    await ended(order(set));
    await ended(order({ kind: "release", ...place }));

    const answers: string[] = [];
    for (let i = 0; i < 5; i += 1) answers.push(await write(watts));
    expect(answers).toEqual(["told", "told", "told", "told", "held"]);
    expect(await write(limit)).toBe("told");
    expect(await ended(order(set))).toMatchObject({ state: "refused", code: "flash" });
    await clock.advance(noon + 86_400_001);
    expect(await write(watts)).toBe("told");
  });

  test("is told to no device of which nobody knows yet what lies there", async () => {
    const bench = await started({ usual: refuses(4) });
    expect(await through(bench).write(elsewhere)).toBe("held");
  });
});

/** Switches off what its limit needs, by the register that the SunSpec model has for it. */
const off = { code: 6, address: 40_136, words: [0] } as const;

/** A SunSpec inverter whose limit is switched on, or not. */
function limited(enable: number): BenchOptions {
  const registers = deviceImage([
    { ID: 1, Mn: "Bench", Md: "B50", SN: "1" },
    { ID: 103, W: 5_000, W_SF: 0, St: 4 },
    { ID: 704, WMaxLimPct: 1_000, WMaxLimPct_SF: -1, WMaxLimPctEna: enable },
  ]);
  return { profile: "sunspec", registers };
}

/** The device was sent it, and this came of it. */
const sent =
  (failure: Error): Tell =>
  async (onSend) => {
    onSend();
    throw failure;
  };

/** A bench whose device was reached. */
async function met(options: BenchOptions = {}) {
  const one = await started({ config: allowed, ...options });
  await one.own.line(new AbortController().signal);
  return { ...one, ...through(one) };
}

function through({ desk, url }: Bench) {
  const { line } = addressOf(url);
  const letWrite = (span: WriteSpan, tell: Tell, { unit = 1 } = {}) =>
    desk.letWrite({ tag: "INV-01", line, unit, span, client: "10.0.0.7" }, tell);
  return {
    letWrite,
    /** Whether the device was told. */
    async write(span: WriteSpan, where = {}) {
      let told = 0;
      const tell: Tell = async (onSend) => {
        onSend();
        told += 1;
      };
      const isLet = await letWrite(span, tell, where);
      expect(told).toBe(isLet ? 1 : 0);
      return isLet ? "told" : "held";
    },
  };
}
