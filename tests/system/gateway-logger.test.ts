import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  type AckingPeer,
  startAckingPeer,
} from "../../gateway/src/delivery/testing/acking-peer.ts";
import { exceptionPdu, goodPdu } from "../support/modbus-peer/answer-bytes.ts";
import { says, silent } from "../support/modbus-peer/misbehaviour.ts";
import { modbusPeer } from "../support/modbus-peer/modbus-peer.ts";
import type { Behaviour, PeerRequest } from "../support/modbus-peer/peer-request.ts";
import { startProgram } from "../support/pipe.ts";
import { until } from "../support/until.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const everyMs = 2_000;
const watchedMs = 40_000;
const children = [1, 12];
const deadChild = 13;
/** Registers of the makers' own documents: model, plant power at the logger, power at an inverter. */
const modelAt = 30_000;
const loggerPowerAt = 40_525;
const inverterPowerAt = 32_080;

/** The master knows of a child that does not answer, or waits for it until the asker gives up. */
test.each<[string, Behaviour]>([
  ["is reported missing by its master", says(({ code }) => exceptionPdu(11, code))],
  ["is waited for in vain", silent],
])("a logger and its children are read, while one that %s holds up none", async (_, dead) => {
  const right = says((request) => answerOf(request));
  const peer = await modbusPeer({
    mostClients: 1,
    usual: (request) => (request.unit === deadChild ? dead : right)(request),
  });
  closing.push(() => peer.close());
  const broker = await startAckingPeer();
  closing.push(() => broker.close());
  await startGateway(peer.port, broker.url);
  const tags = ["LOGGER", ...children.map((unit) => `INV-${unit}`)];
  for (const tag of tags) await until(`frames of ${tag}`, () => slotsOf(broker, tag).length > 0);

  // What its first polls waited for the dead one is over by then.
  await until("calm", () => slotsOf(broker, "LOGGER").length > 4);
  const from = Math.max(...tags.map((tag) => slotsOf(broker, tag).at(-1) ?? 0)) + 20_000;
  await until("slots", () => slotsOf(broker, "LOGGER").some((at) => at >= from + watchedMs), {
    timeoutMs: 110_000,
  });
  const wanted = watchedMs / everyMs;
  for (const tag of tags) {
    const slots = slotsOf(broker, tag).filter((at) => at >= from && at < from + watchedMs);
    expect(slots.length, tag).toBeGreaterThanOrEqual(wanted - 1);
  }
  expect(slotsOf(broker, `INV-${deadChild}`)).toEqual([]);
  for (const unit of children) {
    expect(new Set(powersOf(broker, `INV-${unit}`))).toEqual(new Set([unit * 1_000]));
  }
  expect(new Set(powersOf(broker, "LOGGER"))).toEqual(new Set([77_000]));
  expect(peer.clients()).toBe(1);
});

/** As a SmartLogger: its own values at unit 0, those of its children at theirs, read as they are. */
function answerOf({ unit, code, address, count }: PeerRequest): number[] {
  const values = new Map<number, number>();
  const put = (at: number, words: readonly number[]) =>
    words.forEach((word, i) => void values.set(at + i, word));
  if (unit === 0) put(loggerPowerAt, [77_000 >> 16, 77_000 & 0xffff]);
  else put(inverterPowerAt, [0, unit * 1_000]);
  if (unit !== 0) put(modelAt, [...textWords("SUN2000-100KTL")]);
  if (unit === 0 && address < 40_000) return exceptionPdu(3, code);
  return goodPdu(
    Array.from({ length: count }, (_, i) => values.get(address + i) ?? 0),
    code,
  );
}

function textWords(text: string): number[] {
  const bytes = Buffer.from(text.padEnd(30, "\0"));
  return Array.from({ length: 15 }, (_, i) => bytes.readUInt16BE(i * 2));
}

function framesOf({ received }: AckingPeer, tag: string) {
  return received
    .filter(({ lane }) => lane === "values")
    .flatMap(({ frames }) => frames)
    .filter(({ device }) => device === tag);
}

function slotsOf(broker: AckingPeer, tag: string): number[] {
  return [...new Set(framesOf(broker, tag).map(({ at }) => at))].sort((a, b) => a - b);
}

/** The power stands in each frame, whatever else was due. */
function powersOf(broker: AckingPeer, tag: string) {
  const layouts = new Map(
    broker.told.flatMap(({ topic, message }): [string, string[]][] => {
      const [, hash] = topic.split("/layouts/");
      return hash === undefined ? [] : [[hash, (message as { points: string[] }).points]];
    }),
  );
  return framesOf(broker, tag).map(
    ({ layout, values }) => values[layouts.get(layout)?.indexOf("ac.power.active") ?? -1],
  );
}

async function startGateway(port: number, mqttUrl: string) {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-logger-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const config = join(folder, "gateway.yaml");
  const device = (tag: string, unit: number, profile: string) => ({
    ...{ tag, profile, url: `tcp://127.0.0.1:${port}?unit=${unit}` },
    points: { include: ["ac.power.*"] },
  });
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      id: "logger-gw",
      poll: { fastMs: everyMs },
      linger: { idleMs: 500 },
      devices: [
        device("LOGGER", 0, "huawei-smartlogger"),
        ...[...children, deadChild].map((unit) => device(`INV-${unit}`, unit, "huawei-sun2000")),
      ],
    }),
  );
  const gateway = await startProgram("gateway/src/main.ts", {
    SUNLEDGER_GATEWAY_CONFIG: config,
    SUNLEDGER_MQTT_URL: mqttUrl,
    SUNLEDGER_GATEWAY_SECRET: "secret",
    SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
  });
  closing.push(() => gateway.stop());
}
