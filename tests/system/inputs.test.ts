import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InfluxDB, Point } from "@influxdata/influxdb-client";
import { postgresFrameStore } from "@sunledger/store";
import { connectAsync, type MqttClient } from "mqtt";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePorts } from "../support/free-ports.ts";
import { hasMosquitto, startMosquitto } from "../support/mosquitto.ts";
import { openPipe, type Pipe, type Program } from "../support/pipe.ts";
import { until } from "../support/until.ts";

const token = "a-token-of-the-house-itself";
const from = Date.UTC(2026, 5, 1, 4);
type Kind = "aedes" | "mosquitto";
const kinds: readonly Kind[] = hasMosquitto() ? ["aedes", "mosquitto"] : ["aedes"];

let pipe: Pipe;
let folder: string;

beforeAll(async () => {
  pipe = await openPipe("inputs", { gateways: 3, devices: 3 });
  folder = mkdtempSync(join(tmpdir(), "sunledger-inputs-"));
  const document = (name: string, content: object) =>
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(content));
  for (const [i, kind] of kinds.entries()) {
    document(kind, {
      ...{ format: "json", gateway: `roof-${i + 1}`, topic: `${kind}/{device}/state` },
      ...{ devices: { m1: `INV-00${i + 1}` }, at: { pointer: "/ts", unit: "ms" } },
      values: { "/power": { point: "ac.power.active", unit: "kW" } },
    });
  }
  document("telegraf", {
    ...{ format: "lineProtocol", gateway: "roof-3", measurement: "modbus", deviceTag: "name" },
    values: { total: { point: "ac.energy.export.total", unit: "kWh" } },
  });
});

afterAll(async () => {
  await pipe?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(kinds)("values of those who are no gateways, by way of %s", (kind) => {
  const number = kinds.indexOf(kind) + 1;
  let url: string;
  let device: MqttClient;
  let ingest: Program;
  let port: number;
  let stopBroker: () => Promise<unknown>;

  beforeAll(async () => {
    const gateway = `roof-${number}`;
    const password = pipe.gateways.get(gateway) ?? "";
    if (kind === "aedes") {
      stopBroker = (await pipe.startBroker({ SUNLEDGER_INPUT_DIR: folder })).stop;
      url = pipe.mqttUrl;
    } else {
      const users = { [gateway]: password, _ingest: pipe.serviceSecret };
      const policy = [
        ...[`user ${gateway}`, `topic write ${kind}/+/state`],
        ...["user _ingest", `topic read ${kind}/+/state`, ""],
      ].join("\n");
      const broker = await startMosquitto({ users, policy });
      [url, stopBroker] = [broker.url, broker.stop];
    }
    port = await freePorts(1);
    ingest = await startIngest();
    // A broker keeps nothing for who has never subscribed.
    await until("ingest to hear inputs", () => ingest.log().includes("hears inputs"));
    device = await connectAsync(url, { clientId: gateway, username: gateway, password });
  });

  afterAll(async () => {
    await device?.endAsync(true);
    await ingest?.stop();
    await stopBroker?.();
  });

  const startIngest = () =>
    pipe.startIngest({
      ...{ SUNLEDGER_MQTT_URL: url, SUNLEDGER_INPUT_DIR: folder },
      ...{ SUNLEDGER_WRITE_PORT: String(port), SUNLEDGER_WRITE_TOKEN: token },
    });

  test("a device's JSON is stored, all of it and once, though ingest is killed while it sends (D-4, D-5)", async () => {
    const send = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, i) => {
        const message = { ts: from + first + i, power: (first + i) / 1_000 };
        return device.publishAsync(`${kind}/m1/state`, JSON.stringify(message), { qos: 1 });
      });
    const before = send(1, 200);
    await Promise.race(before);
    await ingest.kill();
    const after = send(201, 300);
    ingest = await startIngest();
    await Promise.all([...before, ...after]);

    const own = () => stored(`INV-00${number}`, "ac.power.active");
    await expect.poll(async () => (await own()).length).toBe(300);
    expect(await own()).toEqual(Array.from({ length: 300 }, (_, i) => [from + i + 1, i + 1]));
  });

  test("InfluxDB's own client writes here as it writes there", async () => {
    const writer = (secret: string) =>
      new InfluxDB({ url: `http://127.0.0.1:${port}`, token: secret }).getWriteApi(
        "us",
        "plant",
        "ms",
        {
          ...{ maxRetries: 0, flushInterval: 0, gzipThreshold: 0 },
        },
      );
    const api = writer(token);
    const at = from + number * 1_000;
    api.writePoints(
      [0, 1, 2].map((i) =>
        new Point("modbus")
          .tag("name", "INV-003")
          .intField("total", 100 + i)
          .timestamp(at + i),
      ),
    );
    await api.flush();

    const own = (await stored("INV-003", "ac.energy.export.total")).filter(([time]) => time >= at);
    expect(own.slice(0, 3)).toEqual([0, 1, 2].map((i) => [at + i, (100 + i) * 1_000]));

    const stranger = writer("another token of another house");
    stranger.writePoint(new Point("modbus").tag("name", "INV-003").intField("total", 1));
    await expect(stranger.flush()).rejects.toMatchObject({ statusCode: 401 });
  });
});

async function stored(tag: string, point: string): Promise<[at: number, value: unknown][]> {
  const range = { organisation: pipe.organisation, devices: [pipe.devices.get(tag) ?? ""] };
  const found: [number, unknown][] = [];
  const store = postgresFrameStore(pipe.database.database);
  for await (const { at, value } of store.read({
    ...range,
    points: [point],
    from,
    to: from + 3_600_000,
  })) {
    found.push([at, value]);
  }
  return found;
}
