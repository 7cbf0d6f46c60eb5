import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import { type ChainRules, walkChain } from "./chain.ts";
import { deviceImage, type ImageOptions, type ModelImage } from "./testing/device-image.ts";

const rules: ChainRules = {
  baseAddresses: [40_000, 0, 50_000],
  marker: 0x53756e53,
  endModel: 0xffff,
  maxModels: 120,
};

describe("walking a SunSpec chain (gateway trait 13)", () => {
  test.each([40_000, 0, 50_000])("finds the marker at %i", async (base) => {
    const chain = await walk([{ ID: 1 }, { ID: 103 }], { base });

    expect(chain).toEqual({
      base,
      devices: [
        [
          { id: 1, address: base + 2, length: 66 },
          { id: 103, address: base + 70, length: 50 },
        ],
      ],
    });
  });

  test("steps over models that are not known, by the length the device gives", async () => {
    const chain = await walk([{ ID: 1 }, { ID: 64_001, L: 33 }, { ID: 103 }]);

    expect(chain?.devices[0]?.map(({ id }) => id)).toEqual([1, 64_001, 103]);
    expect(chain?.devices[0]?.[2]?.address).toBe(40_070 + 35);
  });

  test("takes model 1 with and without its pad register", async () => {
    const chain = await walk([{ ID: 1, L: 65 }, { ID: 103 }]);

    expect(chain?.devices[0]?.[1]).toEqual({ id: 103, address: 40_069, length: 50 });
  });

  test("ends at an end marker that nothing follows", async () => {
    const chain = await walk([{ ID: 1 }, { ID: 103 }], { endLength: false });

    expect(chain?.devices[0]).toHaveLength(2);
    expect(chain?.remark).toBeUndefined();
  });

  test("ends where the device refuses, and says so", async () => {
    const image = deviceImage([{ ID: 1 }, { ID: 103 }]);
    for (const at of [...image.keys()].slice(-2)) image.delete(at);

    const chain = await walkChain(reading(image), rules);

    expect(chain?.devices[0]).toHaveLength(2);
    expect(chain?.remark).toBe("there is no end marker at 40122");
  });

  test("each further model 1 begins a device of its own", async () => {
    const chain = await walk([{ ID: 1 }, { ID: 103 }, { ID: 1 }, { ID: 203 }]);

    expect(chain?.devices.map((models) => models.map(({ id }) => id))).toEqual([
      [1, 103],
      [1, 203],
    ]);
  });

  test("a length that leaves the address space ends the walk", async () => {
    const image = new Map([
      [40_000, 0x5375],
      [40_001, 0x6e53],
      [40_002, 1],
      [40_003, 40_000],
    ]);

    const chain = await walkChain(reading(image), rules);

    expect(chain?.devices).toEqual([]);
    expect(chain?.remark).toContain("no usable length");
  });

  test("without a marker there is no chain", async () => {
    expect(await walkChain(reading(new Map()), rules)).toBeUndefined();
  });

  test("goes on to the next base where the device answers with a failure of its own", async () => {
    const image = reading(deviceImage([{ ID: 1 }, { ID: 103 }], { base: 50_000 }));
    const failing: ReadRegisters = (span) => {
      if (span.address >= 50_000) return image(span);
      return Promise.reject(new ModbusError("exception", "device failure", { exception: 4 }));
    };

    expect(await walkChain(failing, rules)).toMatchObject({ base: 50_000 });
    const nowhere = { ...rules, baseAddresses: [40_000, 0] };
    await expect(walkChain(failing, nowhere)).rejects.toMatchObject({ exception: 4 });
  });

  test("a device that does not answer is not one without a chain", async () => {
    const silent = () => Promise.reject(new ModbusError("timeout", "no answer in time"));

    await expect(walkChain(silent, rules)).rejects.toMatchObject({ kind: "timeout" });
  });

  test.each([
    ["inverter_123.json", [1, 129]],
    ["device_1547.json", [1, 701, 702, 703, 704, 705, 706, 707, 708, 709, 710, 711, 712, 713]],
  ])("the image %s has the models that it says", async (file, models) => {
    const chain = await walk(example(file));

    expect(chain?.devices.map((device) => device.map(({ id }) => id))).toEqual([models]);
  });
});

function example(file: string): ModelImage[] {
  const text = readFileSync(new URL(`./examples/${file}`, import.meta.url), "utf8");
  const parsed = JSON.parse(text);
  return (Array.isArray(parsed) ? parsed[0] : parsed).models;
}

function walk(models: readonly ModelImage[], options: ImageOptions = {}) {
  return walkChain(reading(deviceImage(models, options)), rules);
}

function reading(image: ReadonlyMap<number, number>): ReadRegisters {
  return async ({ address, count }) => {
    const words = Array.from({ length: count }, (_, i) => image.get(address + i));
    if (words.includes(undefined)) throw new ModbusError("exception", "no", { exception: 2 });
    return words as number[];
  };
}
