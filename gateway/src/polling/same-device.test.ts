import { randomUUID } from "node:crypto";
import { registersOf } from "@sunledger/model/profile";
import { afterEach, describe, expect, test } from "vitest";
import { put, textWords } from "../modbus/testing/register-server.ts";
import { deviceImage } from "../sunspec/testing/device-image.ts";
import { pollClasses } from "./poll-class.ts";
import {
  closeAll,
  common,
  inverter,
  never,
  opened,
  profileDevice,
  profiles,
  soonMs,
  start,
  sunspecDevice,
  valuesOf,
} from "./testing/opened-device.ts";

afterEach(closeAll);

const serialAt = 4_989;
const versionAt = 4_953;
/** A register within a SunSpec device's model of inverters. */
const refusedAt = 40_090;
const oneDay = 86_400_000;
const minute = 60_000;

describe("a device that is met again", () => {
  test("is not asked anew for what it refused, connection after connection (trait 5)", async () => {
    const { poll, server, device } = await sungrow("A1");
    for (let second = 0; second < 3; second += 1) await poll();
    const { missing, exceptions } = device.figures();
    expect(missing).not.toEqual([]);

    for (let connection = 2; connection <= 4; connection += 1) {
      server.hangUp();
      // The round that finds the connection gone is asked once more; the next one begins anew.
      for (let second = 0; second < 2; second += 1) await poll({ due: ["fast"] });
      expect(server.connections).toBe(connection);
      expect(device.figures()).toMatchObject({ missing, exceptions });
    }
  });

  test("is asked again once a day, be it by night that its day ends (trait 5)", async () => {
    const { poll, server, device } = await sungrow("A1", soonMs);
    await poll();
    const { exceptions } = device.figures();
    server.ignore = () => true;
    await expect(poll({ slot: start + oneDay })).rejects.toThrow();
    server.ignore = () => false;

    const later = start + oneDay + 3_600_000;
    for (let second = 0; second < 3; second += 1) await poll({ slot: later + second * 1_000 });
    const asked = device.figures().exceptions;
    expect(asked).toBeGreaterThan(exceptions);
    await poll({ slot: later + 3_000 });
    expect(device.figures().exceptions).toBe(asked);
  });

  test("under another serial number is asked for what its predecessor refused, at once", async () => {
    const { poll, server, device } = await sungrow("A1");
    await poll();
    const { missing } = device.figures();
    expect(missing).toContain("id.version");

    put(server.input, serialAt, textWords("B2", 10));
    put(server.input, versionAt, textWords("V9", 15));
    server.hangUp();
    for (let second = 0; second < 2; second += 1) await poll({ due: ["fast"] });

    expect(device.figures().missing).not.toContain("id.version");
    expect(device.announcement()?.texts).toMatchObject({ "id.serial": "B2", "id.version": "V9" });
  });

  test("bears no text of its predecessor's, though it has none of its own", async () => {
    const { poll, server, device } = await sungrow("A1");
    put(server.input, versionAt, textWords("V1", 15));
    await poll();
    expect(device.announcement()?.texts).toMatchObject({ "id.serial": "A1", "id.version": "V1" });

    for (let word = 0; word < 10; word += 1) server.input.delete(serialAt + word);
    for (let word = 0; word < 15; word += 1) server.input.delete(versionAt + word);
    server.hangUp();
    for (let second = 0; second < 2; second += 1) await poll({ due: ["fast"] });

    expect(valuesOf(await poll())["rating.activePower"]).toBe(100);
    expect(device.announcement()?.texts).not.toHaveProperty("id.serial");
    expect(device.announcement()?.texts).not.toHaveProperty("id.version");
  });

  test("is noticed by its serial number within a day where no connection was lost", async () => {
    const { poll, server, device } = await sungrow("A1");
    put(server.input, versionAt, textWords("V1", 15));
    await poll();
    put(server.input, serialAt, textWords("B2", 10));
    for (let word = 0; word < 15; word += 1) server.input.delete(versionAt + word);

    await poll({ due: ["fast"] });
    expect(device.announcement()?.texts).toMatchObject({ "id.serial": "A1", "id.version": "V1" });
    await poll({ slot: start + oneDay });
    expect(device.announcement()?.texts).toMatchObject({ "id.serial": "B2" });
    expect(device.announcement()?.texts).not.toHaveProperty("id.version");
    expect(server.connections).toBe(1);
  });

  test("says who it is as soon as it can, where its first words are lost", async () => {
    const { poll, server, device } = await sungrow("A1");
    await poll();
    server.refuse = ({ address }) => (address < 4_999 ? 4 : undefined);
    server.hangUp();
    for (let second = 0; second < 2; second += 1) await poll({ due: ["fast"] });
    expect(device.announcement()?.texts).not.toHaveProperty("id.serial");

    server.refuse = () => undefined;
    await poll({ due: ["fast", "slow"] });
    expect(device.announcement()?.texts).toMatchObject({ "id.serial": "A1" });
  });

  test("is known by its SunSpec map, which is read on each connection", async () => {
    const { poll, server, device } = await sunspecDevice([common, inverter]);
    server.refuse = ({ address, count }) =>
      address <= refusedAt && refusedAt < address + count ? 2 : undefined;
    await poll();
    const { exceptions } = device.figures();
    expect(exceptions).toBeGreaterThan(1);

    server.hangUp();
    for (let second = 0; second < 2; second += 1) await poll({ due: ["fast"] });
    expect(device.announcement()?.texts).toMatchObject({ "id.serial": "S-1" });
    // What a profile promises is asked for alone, with rests.
    expect(device.figures().exceptions - exceptions).toBeLessThan(exceptions);
  });
});

describe("a device without a serial number", () => {
  test("that was wired before anybody told of it counts from its first answer (trait 15)", async () => {
    const nameless = { ...common, SN: "" };
    const { poll, server } = await sunspecDevice([nameless, inverter], {
      responseTimeoutMs: soonMs,
    });
    await poll();
    server.ignore = () => true;
    await expect(poll({ slot: start + minute })).rejects.toThrow();
    server.ignore = () => false;
    const slot = start + 3 * minute;
    for (const [at, word] of deviceImage([nameless, { ...inverter, WH: 123_460 }])) {
      server.holding.set(at, word);
    }
    const polled = await poll({ slot });
    expect(polled[0]?.noted?.happenings).toEqual([]);
    const memory = JSON.parse(JSON.stringify(polled[0]?.noted?.memory));

    const by = { id: "u1", name: "Wang Wei" };
    const exchange = { id: randomUUID(), by, before: "M-1", after: "M-2" };
    const told = opened(
      server.url,
      { profile: "sunspec", exchange },
      undefined,
      undefined,
      undefined,
      memory,
    );
    const [first] = await told.poll(slot + minute, new Set(pollClasses), never);

    expect(first?.noted?.happenings).toMatchObject([
      { kind: "replaced", at: slot, before: "M-1", after: "M-2" },
      { kind: "reset", at: slot, before: "12345600", after: "12346000" },
    ]);
  });
});

/** One of which the promised registers answer, and none of the others. */
async function sungrow(serial: string, responseTimeoutMs?: number) {
  const one = await profileDevice("sungrow-sg", {}, undefined, responseTimeoutMs);
  for (const point of profiles.get("sungrow-sg")?.points ?? []) {
    const { kind, address, type, length, optional } = point;
    if ((kind !== "input" && kind !== "holding") || !type || address === undefined) continue;
    const words = new Array<number>(registersOf({ type, length })).fill(1);
    if (!optional) put(one.server[kind], address, words);
  }
  put(one.server.input, serialAt, textWords(serial, 10));
  return one;
}
