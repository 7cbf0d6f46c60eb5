import { afterEach, describe, expect, test } from "vitest";
import { put, textWords } from "../modbus/testing/register-server.ts";
import { pollClasses } from "./poll-class.ts";
import { closeAll, linksOf, never, opened, served, start } from "./testing/opened-device.ts";

afterEach(closeAll);

const all = new Set(pollClasses);

describe("a line is shared fairly by its units (gateway trait 6)", () => {
  test("one of many blocks has no more than one before each of the others'", async () => {
    const server = await served();
    for (let at = 0; at < 50_000; at += 1) {
      server.holding.set(at, 0);
      server.input.set(at, 0);
    }
    put(server.holding, 30_000, textWords("SUN2000-100KTL", 15));
    const links = linksOf();
    const on = (unit: number, profile: string, include = ["*"]) => {
      const url = `tcp://127.0.0.1:${server.port}?unit=${unit}`;
      return opened(url, { profile, points: { include } }, links);
    };
    const large = on(1, "huawei-sun2000");
    const power = ["ac.power.active"];
    const small = [on(2, "eastron-sdm630", power), on(3, "eastron-sdm630", power)];
    const devices = [large, ...small];
    for (const device of devices) await device.poll(start, all, never);
    server.requests.length = 0;

    await Promise.all(devices.map((device) => device.poll(start + 1_000, all, never)));

    const asked = server.requests.map(({ unit }) => unit);
    const count = (unit: number, until = asked.length) =>
      asked.slice(0, until).filter((one) => one === unit).length;
    expect(count(1)).toBeGreaterThan(5 * count(2));
    for (const unit of [2, 3]) {
      expect(count(unit)).toBeGreaterThan(0);
      for (const [place, one] of asked.entries()) {
        if (one === unit) expect(count(1, place)).toBeLessThanOrEqual(count(unit, place) + 1);
      }
    }
  });
});
