import { once } from "node:events";
import { request } from "node:http";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { LineMapping } from "@sunledger/model/inputs";
import { systemClock } from "@sunledger/runtime";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inverter, meter, noon, organisation } from "../testing/frames.ts";
import { type TestHouse, testHouse } from "../testing/house.ts";
import { testScope } from "../testing/scope.ts";
import { serveWrites } from "./write-endpoint.ts";

const token = "a-token-for-telegraf";
const mapping = LineMapping.parse({
  ...{ format: "lineProtocol", gateway: "roof-18", measurement: "modbus", deviceTag: "name" },
  devices: { grid: "METER-01" },
  values: {
    power: { point: "ac.power.active", unit: "kW" },
    total: { point: "ac.energy.export.total", unit: "kWh" },
  },
});
const line = (i: number, name = "INV-01") =>
  `modbus,name=${name} power=${i}.5,total=${i}000i ${noon + i * 1_000}`;

let house: TestHouse;
let scope: ReturnType<typeof testScope>;
let address: string;
let waitMs: number;

beforeEach(async () => {
  waitMs = 60_000;
  house = await testHouse();
  const { inputs: desk } = await house.startIngest();
  scope = testScope();
  const pace = { wait: (_ms: number, signal?: AbortSignal) => systemClock().wait(waitMs, signal) };
  const served = await serveWrites(
    { host: "127.0.0.1", port: 0, token, mappings: [mapping], desk, pace },
    scope,
  );
  address = `http://127.0.0.1:${served.port}`;
});

afterEach(async () => {
  await scope.stop();
  await house.stop();
});

describe("line protocol over HTTP", () => {
  test("is answered with 204 once it is stored, in canonical units, once however often it is written (D-5)", async () => {
    const body = [1, 2, 3].map((i) => line(i)).join("\n");
    for (let round = 0; round < 2; round += 1) {
      const answer = await write(`${body}\n${line(4, "grid")}\n`);
      expect([answer.status, await answer.text()]).toEqual([204, ""]);
    }

    expect(await stored(inverter)).toEqual([
      ["ac.energy.export.total", noon + 1_000, 1_000_000],
      ["ac.energy.export.total", noon + 2_000, 2_000_000],
      ["ac.energy.export.total", noon + 3_000, 3_000_000],
      ["ac.power.active", noon + 1_000, 1_500],
      ["ac.power.active", noon + 2_000, 2_500],
      ["ac.power.active", noon + 3_000, 3_500],
    ]);
    expect(await stored(meter)).toHaveLength(2);
  });

  test("may be gzipped", async () => {
    const body = await promisify(gzip)(line(1));
    expect((await write(body, { "content-encoding": "gzip" })).status).toBe(204);
    expect(await stored(inverter)).toHaveLength(2);

    expect((await write("no gzip", { "content-encoding": "gzip" })).status).toBe(400);
    const bomb = await promisify(gzip)(Buffer.alloc(60 * 1024 * 1024, "x"));
    expect((await write(bomb, { "content-encoding": "gzip" })).status).toBe(413);
    expect((await write("x", { "content-encoding": "br" })).status).toBe(415);
  });

  test("stores the good lines and names the first bad one, as InfluxDB does", async () => {
    const answer = await write(
      [line(1), "modbus,name=INV-01 power=", "cpu idle=1", line(2)].join("\n"),
    );

    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      code: "invalid",
      message:
        "partial write: unable to parse line 2: invalid field format: 'power='; dropped=2 of 4",
    });
    expect(await stored(inverter)).toHaveLength(4);
  });

  test("keeps in quarantine what it refuses, where the measurement tells whose it is (D-6)", async () => {
    const bad = [
      ...["modbus,name=INV-01 power=NaN 1", 'modbus,name=INV-01 power="on" 2'],
      ...["modbus power=1 3", "modbus,name=INV-01 power=1", "cpu idle=1 4", "cpu 5"],
    ];
    const answer = await write([...bad, line(1)].join("\n"));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: expect.stringContaining("=6 of 7") });

    const { quarantined } = await house.frameStore.aside(organisation, "roof-18");
    const found = quarantined.map(({ reason, payload }) => [reason, payload]);
    const precision = "ms";
    expect(found.sort()).toEqual([
      ["invalid field value: 'NaN'", { line: bad[0], precision }],
      ["it has no timestamp: written again it would be another value", { line: bad[3], precision }],
      ["power is not a number", { line: bad[1], precision }],
      ["tag name is missing", { line: bad[2], precision }],
    ]);
    expect(await stored(inverter)).toHaveLength(2);
  });

  test("takes so many lines at once as find room, and says of more that they are too many (D-8)", async () => {
    const lines = Array.from({ length: 5_001 }, (_, i) => line(i - 5_000));
    const answer = await write(lines.join("\n"));
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { code: "request too large", message: "more than 5000 lines at once" },
    ]);
    expect(await stored(inverter)).toEqual([]);

    expect((await write(`${lines.slice(1).join("\n")}\n`)).status).toBe(204);
    expect(await stored(inverter)).toHaveLength(10_000);
  });

  test("reads a few bodies at once, and lets others come again (D-8)", async () => {
    const slow = [1, 2, 3, 4].map((i) => {
      const one = request(`${address}/api/v2/write?precision=ms`, {
        ...{ method: "POST", headers: { authorization: `Token ${token}` } },
      });
      one.write(`${line(i)}\n`);
      return one;
    });
    await expect.poll(async () => (await write(line(5))).status).toBe(503);

    const answers = slow.map((one) => once(one, "response"));
    for (const one of slow) one.end();
    for (const answer of answers) expect((await answer)[0]).toMatchObject({ statusCode: 204 });
    expect((await write(line(6))).status).toBe(204);
  });

  test("is for who knows the token", async () => {
    for (const authorization of ["Token another", "Basic abc", ""]) {
      const answer = await write(line(1), { authorization });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ code: "unauthorized", message: "unauthorized access" });
    }
    expect((await write(line(1), { authorization: `Bearer ${token}` })).status).toBe(204);
  });

  test("knows one address, one method and four precisions", async () => {
    expect((await fetch(`${address}/api/v2/query`)).status).toBe(404);
    expect((await fetch(`${address}/api/v2/write`)).status).toBe(405);
    expect((await write(line(1), {}, "precision=h")).status).toBe(400);
    const inSeconds = `modbus,name=INV-01 power=1 ${noon / 1_000}`;
    expect((await write(inSeconds, {}, "precision=s")).status).toBe(204);
    expect(await stored(inverter)).toEqual([["ac.power.active", noon, 1_000]]);
  });

  test("while the store is away it says when to come again, and what was written comes in all the same (D-8)", async () => {
    house.storeAway(true);
    waitMs = 300;
    const answer = await write(line(1));
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await answer.json()).toMatchObject({ code: "unavailable" });

    house.storeAway(false);
    waitMs = 60_000;
    expect((await write(line(1))).status).toBe(204);
    expect(await stored(inverter)).toHaveLength(2);
  });

  test("of a device that nobody knows it is in quarantine (D-6)", async () => {
    expect((await write(line(1, "INV-99"))).status).toBe(204);

    const { quarantined } = await house.frameStore.aside(organisation, "roof-18");
    expect(quarantined.map(({ code, reason }) => [code, reason])).toEqual([
      ["unknownDevice", "unknown device INV-99"],
      ["unknownDevice", "unknown device INV-99"],
    ]);
  });
});

function write(
  body: string | Buffer,
  headers: Record<string, string> = {},
  query = "precision=ms",
) {
  return fetch(`${address}/api/v2/write?bucket=plant&org=us&${query}`, {
    method: "POST",
    headers: { authorization: `Token ${token}`, ...headers },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
}

async function stored(device: string) {
  const points = ["ac.energy.export.total", "ac.power.active"];
  const range = { organisation, devices: [device], points, from: 0, to: 2 * noon };
  const found: (readonly [string, number, unknown])[] = [];
  for await (const { point, at, value } of house.frameStore.read(range))
    found.push([point, at, value]);
  return found;
}
