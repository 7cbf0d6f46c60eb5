import type { Place } from "@sunledger/model/performance";
import { afterEach, describe, expect, test } from "vitest";
import { put, textWords } from "../modbus/testing/register-server.ts";
import { closeAll, profileDevice, soonMs, start, valuesOf } from "./testing/opened-device.ts";

afterEach(closeAll);

const linkState = 65_534;
const connected = 45_057;
const lost = 45_056;

describe("a device behind a logger (gateway traits 17 and 20)", () => {
  test("has no value while its logger says that it is not connected, though it answers for it", async () => {
    const { poll, server, device } = await meter();
    expect(valuesOf(await poll())).toMatchObject({ "ac.power.active": 5_000 });

    server.holding.set(linkState, lost);
    await expect(poll({ slot: start + 5_000 })).rejects.toThrow(
      /not connected: link.state is 45056/,
    );
    expect(device.reach()).toMatchObject({ state: "unreachable", since: start + 5_000 });
    await expect(poll({ slot: start + 6_000 })).rejects.toThrow(/not connected/);
    await expect(device.line(new AbortController().signal)).rejects.toThrow(/not connected/);

    server.holding.set(linkState, connected);
    expect(valuesOf(await poll({ slot: start + 7_000 }))).toMatchObject({
      "ac.power.active": 5_000,
    });
    expect(device.reach()).toMatchObject({ state: "reachable" });
  });

  test("is asked for its connection with its values, not more often than a logger knows", async () => {
    const { poll, server } = await meter();
    for (let second = 0; second < 20; second += 1) await poll({ slot: start + second * 1_000 });
    const asked = server.requests.filter(({ address }) => address === linkState);
    expect(asked).toHaveLength(4);
  });

  test("is told by the serial number that its logger has of it", async () => {
    const { poll, server, device } = await meter();
    put(server.holding, 65_510, textWords("MT00000017", 10));
    put(server.holding, 65_524, textWords("Feed-in", 10));
    await poll();
    expect(device.announcement()?.texts).toMatchObject({
      ...{ "id.serial": "MT00000017", "link.name": "Feed-in" },
    });
  });

  test("sleeps when its logger loses it in the dark", async () => {
    const { poll, server, device } = await inverter({ latitude: 51.5, longitude: 0 });
    server.holding.set(linkState, connected);
    await poll();
    server.holding.set(linkState, lost);
    await expect(poll({ slot: start + 10_000 })).rejects.toThrow(/not connected/);
    expect(device.reach()).toMatchObject({ state: "asleep" });
  });

  test("whose logger is too old to say so is read all the same", async () => {
    const { poll, server } = await meter();
    server.holding.delete(linkState);
    for (let second = 0; second < 20; second += 1) await poll({ slot: start + second * 1_000 });
    expect(server.requests.filter(({ address }) => address === linkState)).toHaveLength(1);
  });
});

describe("a device of a kind that may stand behind a logger", () => {
  test.each([
    ["refuses the logger's registers", undefined],
    ["shows nothing there", 0],
  ])("is read by itself when it %s", async (_what, state) => {
    const { poll, server } = await inverter();
    if (state !== undefined) server.holding.set(linkState, state);
    for (let second = 0; second < 20; second += 1) await poll({ slot: start + second * 1_000 });
    expect(server.requests.filter(({ address }) => address === linkState)).toHaveLength(1);
  });

  test("is read by itself when it is silent to whom it does not understand", async () => {
    const { poll, server } = await inverter(undefined, soonMs);
    server.ignore = ({ address }) => address > 60_000;
    expect(valuesOf(await poll())).toMatchObject({ "ac.power.active": 0 });
  });

  test("is not read when a logger loses it, seen connected before or not", async () => {
    const { poll, server } = await inverter();
    server.holding.set(linkState, lost);
    await expect(poll()).rejects.toThrow(/huawei-smartlogger says that it is not connected/);
    server.holding.set(linkState, connected);
    await poll({ slot: start + 1_000 });
    server.holding.set(linkState, lost);
    await expect(poll({ slot: start + 6_000 })).rejects.toThrow(/not connected/);
  });
});

async function meter() {
  const one = await profileDevice("huawei-smartlogger-meter");
  for (let at = 32_250; at < 32_400; at += 1) one.server.holding.set(at, 0);
  put(one.server.holding, 32_278, [0, 5_000]);
  one.server.holding.set(linkState, connected);
  return one;
}

async function inverter(place?: Place, responseTimeoutMs?: number) {
  const one = await profileDevice("huawei-sun2000", {}, place, responseTimeoutMs);
  for (let at = 30_000; at < 40_000; at += 1) one.server.holding.set(at, 0);
  put(one.server.holding, 30_000, textWords("SUN2000-100KTL", 15));
  return one;
}
