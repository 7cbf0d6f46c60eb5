import { afterEach, describe, expect, test } from "vitest";
import { put } from "../modbus/testing/register-server.ts";
import { closeAll, profileDevice, start, valuesOf } from "./testing/opened-device.ts";

afterEach(closeAll);

const minute = 60_000;
const hour = 60 * minute;
/** Where a SmartLogger holds its own time, in seconds since 1970. */
const clockAt = 40_000;

describe("a device's clock dates no reading (gateway trait 18)", () => {
  test.each([
    ["a day behind", -24 * hour],
    ["an hour ahead, as by a summer time of its own", hour],
    ["in 1970, after its battery", -start],
  ])("%s: the frame bears the slot, and the clock is shown as it stands", async (_how, off) => {
    const { poll, server } = await clocked();
    const shown = Math.floor((start + off) / 1_000);
    put(server.holding, clockAt, [shown >>> 16, shown & 0xffff]);

    const polled = await poll();

    expect(polled.map(({ at }) => at)).toEqual(polled.map(() => start));
    expect(valuesOf(polled)).toMatchObject({ "state.clock": shown });
  });

  test("a clock that is put back by an hour leaves no hole, no second time and no event", async () => {
    const { poll, server } = await clocked();
    const frames = [];
    for (let minutes = 0; minutes < 6; minutes += 1) {
      const slot = start + minutes * minute;
      const shown = Math.floor((slot - (minutes < 3 ? 0 : hour)) / 1_000);
      put(server.holding, clockAt, [shown >>> 16, shown & 0xffff]);
      frames.push(...(await poll({ slot })));
    }
    const values = frames.filter(({ lane }) => lane === "values");

    expect(values.map(({ at }) => at)).toEqual([0, 1, 2, 3, 4, 5].map((n) => start + n * minute));
    expect(frames.flatMap(({ noted }) => noted?.happenings ?? [])).toEqual([]);
    expect(frames.every(({ quality }) => quality === undefined)).toBe(true);
  });
});

/** A logger that tells its time beside its power and its energy. */
async function clocked() {
  const device = await profileDevice("huawei-smartlogger", {
    points: { include: ["state.clock", "ac.power.active"] },
  });
  put(device.server.holding, 40_525, [0, 5_000]);
  return device;
}
