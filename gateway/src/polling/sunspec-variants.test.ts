import { afterEach, describe, expect, test } from "vitest";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import {
  closeAll,
  common,
  inverter,
  profiles,
  sunspecDevice,
  valuesOf,
} from "./testing/opened-device.ts";

afterEach(closeAll);

const meter = { ID: 203, W: 5, W_SF: 0, TotWhImp: 7, TotWh_SF: 6 };

describe("what SunSpec devices have in common and what not (gateway trait 13)", () => {
  test.each([
    ...[101, 102, 103].map((id) => [id, id + 10]),
    ...[201, 202, 203, 204].map((id) => [id, id + 10]),
  ])("of models %i and %i the float one is read, in whichever order they stand", async (a, b) => {
    const twins = [
      { ID: a, W: 9_999, W_SF: 0 },
      { ID: b, W: -1_234.5 },
    ] as const;
    for (const models of [twins, [...twins].reverse()]) {
      const { poll } = await sunspecDevice([common, ...models], {
        config: { points: { include: ["ac.power.active"] } },
      });
      expect(valuesOf(await poll())).toEqual({ "ac.power.active": -1_234.5 });
    }
    expect(profiles.get("sunspec")?.sunspec?.preference).toContainEqual([`${b}`, `${a}`]);
  });

  test.each([1, 2, 3])("device %i of three in one chain", async (place) => {
    const chain = [1, 2, 3].flatMap((n) => [
      { ...common, SN: `S-${n}` },
      { ID: 64_000 + n, L: 150 },
      { ...meter, W: 100 * n },
    ]);
    const { poll, device } = await sunspecDevice(chain, { more: `&device=${place}` });

    expect(valuesOf(await poll())).toMatchObject({ "ac.power.active": 100 * place });
    expect(device.announcement()?.texts["id.serial"]).toBe(`S-${place}`);
  });

  test("a model that is shorter than its definition is read as far as it goes, and no further", async () => {
    const { poll, server } = await sunspecDevice([]);
    const [head, lengthAt, shorter] = [70, 71, 20];
    const words = [...deviceImage([common, inverter]).values()].slice(0, head + 2 + shorter);
    words[lengthAt] = shorter;
    words.push(...[...deviceImage([meter]).values()].slice(2));
    for (const [i, word] of words.entries()) server.holding.set(40_000 + i, word);

    const values = valuesOf(await poll());

    expect(values).toMatchObject({
      "ac.power.active": 76_540,
      "ac.frequency": 50.01,
      "ac.energy.import.total": 7_000_000,
    });
    expect(Object.keys(values)).not.toContain("ac.energy.generated.total");
    expect(Object.keys(values)).not.toContain("temp.cabinet");
  });
});
