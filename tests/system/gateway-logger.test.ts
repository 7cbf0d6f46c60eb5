import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

const everyMs = 1_000;
const watchedMs = 15_000;
const children = [1, 12];
/** Asked each time, they would take longer than a slot together. */
const deadChildren = [13, 14, 15];
/** An answer is waited for half a slot; so much shorter than at a plant are all other waits. */
const hurry = 0.2;

/** A logger and what it answers, and for each of its children. */
type Plant = {
  readonly logger: { readonly profile: string; readonly unit: number };
  readonly child: string;
  answer(request: PeerRequest): number[];
};

const plants: Readonly<Record<string, Plant>> = {
  SmartLogger: {
    logger: { profile: "huawei-smartlogger", unit: 0 },
    child: "huawei-sun2000",
    answer: smartLoggerAnswer,
  },
  Logger1000: {
    logger: { profile: "sungrow-logger", unit: 247 },
    child: "sungrow-sg",
    answer: logger1000Answer,
  },
};

/** The master knows of children that do not answer, or waits for them until the asker gives up. */
describe.concurrent("a logger and its children are read, while others hold up none", () => {
  test.for<[string, string, Behaviour]>([
    ["SmartLogger", "are reported missing by it", says(({ code }) => exceptionPdu(11, code))],
    ["SmartLogger", "are waited for in vain", silent],
    ["Logger1000", "are waited for in vain", silent],
  ])("%s, of which children %s", async ([name, , dead], { onTestFinished }) => {
    const closing: (() => unknown)[] = [];
    onTestFinished(async () => {
      for (const close of closing.reverse()) await close();
    });
    const plant = plants[name] as Plant;
    const right = says((request) => plant.answer(request));
    const peer = await modbusPeer({
      mostClients: 1,
      usual: (request) => (deadChildren.includes(request.unit) ? dead : right)(request),
    });
    closing.push(() => peer.close());
    const broker = await startAckingPeer();
    closing.push(() => broker.close());
    await startGateway(plant, { port: peer.port, mqttUrl: broker.url, closing });
    const tags = ["LOGGER", ...children.map((unit) => `INV-${unit}`)];
    // A machine that stalls delays it; dead children who are asked each time would make it impossible.
    await until(
      "a time in which all are read at each slot but one",
      () => {
        const to = slotsOf(broker, "LOGGER").at(-1) ?? 0;
        const isWhole = (tag: string) => {
          const slots = slotsOf(broker, tag).filter((at) => at > to - watchedMs && at <= to);
          return slots.length >= watchedMs / everyMs - 1;
        };
        return tags.every(isWhole);
      },
      { timeoutMs: 150_000 },
    );
    for (const unit of deadChildren) expect(slotsOf(broker, `INV-${unit}`)).toEqual([]);
    for (const unit of children) {
      expect(new Set(powersOf(broker, `INV-${unit}`))).toEqual(new Set([unit * 1_000]));
    }
    expect(new Set(powersOf(broker, "LOGGER"))).toEqual(new Set([77_000]));
    expect(peer.clients()).toBe(1);
  });
});

/** Its own values at unit 0, those of its children at theirs, read as they are. */
function smartLoggerAnswer(request: PeerRequest): number[] {
  const { unit, code, address } = request;
  if (unit === 0 && address < 40_000) return exceptionPdu(3, code);
  // Registers of the makers' own documents: model, plant power at the logger, power at an inverter.
  const model = [30_000, textWords("SUN2000-100KTL")] as const;
  const own = [[40_525, [77_000 >> 16, 77_000 & 0xffff]]] as const;
  return wordsOf(request, unit === 0 ? own : [model, [32_080, [0, unit * 1_000]]]);
}

/** Its own values at unit 247; 64 bits come high word first, 32 bits low word first. */
function logger1000Answer(request: PeerRequest): number[] {
  const { unit, code, address } = request;
  if ((unit === 247) !== address >= 7_000) return exceptionPdu(2, code);
  const own = [
    [7_999, [0x0710]],
    [8_069, [0, 0, 77_000 >> 16, 77_000 & 0xffff]],
  ] as const;
  return wordsOf(request, unit === 247 ? own : [[5_030, [unit * 1_000, 0]]]);
}

type Placed = readonly (readonly [at: number, words: readonly number[]])[];

function wordsOf({ code, address, count }: PeerRequest, placed: Placed): number[] {
  const values = new Map(
    placed.flatMap(([at, words]) => words.map((w, i) => [at + i, w] as const)),
  );
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

type Starting = {
  readonly port: number;
  readonly mqttUrl: string;
  readonly closing: (() => unknown)[];
};

async function startGateway({ logger, child }: Plant, { port, mqttUrl, closing }: Starting) {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-logger-"));
  closing.push(() => rmSync(folder, { recursive: true }));
  const profiles = join(folder, "profiles");
  mkdirSync(profiles);
  for (const id of [logger.profile, child]) {
    writeFileSync(join(profiles, `${id}.json`), hurried(id));
  }
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
      // Whole multiples, so that the power stands in each frame.
      poll: { fastMs: everyMs, normalMs: everyMs * 5, slowMs: everyMs * 30 },
      linger: { idleMs: 500 },
      devices: [
        device("LOGGER", logger.unit, logger.profile),
        ...[...children, ...deadChildren].map((unit) => device(`INV-${unit}`, unit, child)),
      ],
    }),
  );
  const gateway = await startProgram("gateway/src/main.ts", {
    SUNLEDGER_GATEWAY_CONFIG: config,
    SUNLEDGER_PROFILE_DIR: profiles,
    SUNLEDGER_MQTT_URL: mqttUrl,
    SUNLEDGER_GATEWAY_SECRET: "secret",
    SUNLEDGER_OUTBOX_DIR: join(folder, "outbox"),
  });
  closing.push(() => gateway.stop());
}

/** A shipped profile, all of its waits shorter alike. */
function hurried(id: string): string {
  const file = new URL(`../../gateway/src/profiles/${id}.json`, import.meta.url);
  const profile = JSON.parse(readFileSync(file, "utf8"));
  return JSON.stringify(profile, (key, value) =>
    /Ms$/.test(key) && typeof value === "number" ? hurriedMs(key, value) : value,
  );
}

function hurriedMs(key: string, ms: number): number {
  return key === "responseTimeoutMs" ? everyMs / 2 : Math.round(ms * hurry);
}
