import { type Frame, layoutHash, sizeOf } from "@sunledger/model";
import { postgresFrameStore } from "@sunledger/store";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { powers } from "../../ingest/src/testing/frames.ts";
import { testGateway } from "../../ingest/src/testing/gateway.ts";
import { hasMosquitto, startMosquitto } from "../support/mosquitto.ts";
import { type OutboxSource, openOutboxSource } from "../support/outbox-source.ts";
import { openPipe, type Pipe, type Program } from "../support/pipe.ts";
import { thorough } from "../support/thoroughness.ts";
import { until } from "../support/until.ts";

const workers = 4;
/** Two gateways of each worker, for each broker. */
const gateways = {
  aedes: ["roof-9", "roof-11", "roof-6", "roof-8", "roof-3", "roof-5", "roof-1", "roof-2"],
  mosquitto: ["roof-19", "roof-21", "roof-12", "roof-23", "roof-10", "roof-15", "roof-4", "roof-7"],
};
const doomed = 2;
/** Of the first and the third. */
const unhurt = ["roof-25", "roof-18"];
type BrokerKind = keyof typeof gateways;
const kinds: readonly BrokerKind[] = hasMosquitto() ? ["aedes", "mosquitto"] : ["aedes"];

let pipe: Pipe;

beforeAll(async () => {
  pipe = await openPipe("ingest workers", { gateways: 25, devices: 2 });
});

afterAll(() => pipe?.close());

describe.each(kinds)("four ingests share the gateways of %s", (kind) => {
  let mqttUrl: string;
  let stopBroker: () => Promise<unknown>;
  let ingests: Program[];
  let sources: ReadonlyMap<string, OutboxSource>;
  let plain: readonly Awaited<ReturnType<typeof openPlain>>[];

  beforeAll(async () => {
    const broker = await brokerOf(kind);
    mqttUrl = broker.url;
    stopBroker = broker.stop;
    ingests = await Promise.all(Array.from({ length: workers }, (_, i) => startWorker(i + 1)));
    const opened = gateways[kind].map(async (id) => {
      return [id, await openOutboxSource(pipe, id, broker.gatewayUrl)] as const;
    });
    sources = new Map(await Promise.all(opened));
    plain = await Promise.all(unhurt.map((id) => openPlain(id, broker.gatewayUrl)));
  });

  afterAll(async () => {
    for (const gateway of plain ?? []) await gateway.end();
    for (const source of sources?.values() ?? []) await source.close();
    for (const ingest of ingests ?? []) await ingest.stop();
    await stopBroker?.();
  });

  const startWorker = (worker: number) =>
    pipe.startIngest({
      SUNLEDGER_MQTT_URL: mqttUrl,
      SUNLEDGER_INGEST_WORKERS: String(workers),
      SUNLEDGER_INGEST_WORKER: String(worker),
    });
  const produce = (count: number) =>
    Promise.all([...sources.values()].map((source) => source.produce(count)));

  test("one is killed in the midst: nothing is missing or there twice, and the others' gateways feel nothing of it (D-4, D-7)", async () => {
    for (let round = 0; round < thorough(10, 2); round += 1) {
      const sending = Promise.all(plain.map((gateway) => gateway.sendOn(100)));
      await produce(100);
      await ingests[doomed - 1]?.kill();
      await produce(100);
      ingests[doomed - 1] = await startWorker(doomed);
      await sending;
    }
    await Promise.all([...sources.values()].map((source) => source.delivered()));

    for (const [gateway, source] of sources) {
      expect(await source.stored(), gateway).toEqual(source.values());
      expect(await aside(gateway), gateway).toEqual([0, 0, 0]);
    }
    for (const gateway of plain) {
      await until(`every frame of ${gateway.id} to be stored`, gateway.isServed);
      // Out of order, some would be settled beyond others that are not.
      const told = gateway.told();
      expect(told.filter(({ ranges }) => ranges.length > 0)).toEqual([]);
      expect(told).toEqual(told.toSorted((a, b) => a.upTo - b.upTo));
    }
    for (const { log } of ingests) expect(log()).not.toMatch(/deadlock/i);
  });
});

async function brokerOf(kind: BrokerKind) {
  if (kind === "aedes") {
    const broker = await pipe.startBroker();
    return { url: pipe.mqttUrl, gatewayUrl: pipe.mqttUrl, stop: broker.stop };
  }
  const service = { _ingest: pipe.serviceSecret, _api: pipe.serviceSecret };
  return startMosquitto({ users: { ...Object.fromEntries(pipe.gateways), ...service } });
}

/** A gateway that sends every frame once, in the order of their numbers, and keeps nothing. */
async function openPlain(id: string, url: string) {
  const gateway = await testGateway(url, { id, secret: pipe.gateways.get(id) ?? "" });
  const layout = await layoutHash(powers);
  const from = Date.UTC(2026, 5, 10) + Number(id.split("-")[1]) * 3_600_000;
  const frame = (sequence: number): Frame => ({
    ...{ device: "INV-001", sequence, layout, at: from + sequence },
    ...{ clock: "synced", values: [sequence, 50] },
  });
  await gateway.announce(powers);
  // Its ingest may not know the layout yet.
  await until(`an ack for ${id}`, async () => {
    await gateway.send([frame(1)]);
    return sizeOf(gateway.settled()) === 1;
  });
  let sent = 1;
  return {
    ...gateway,
    async sendOn(messages: number) {
      for (let i = 0; i < messages; i += 1) {
        await gateway.send([frame(sent + 1), frame(sent + 2)]);
        sent += 2;
      }
    },
    isServed: () => sizeOf(gateway.settled()) === sent,
    /** What each ack has told. */
    told: () => gateway.acks.flatMap(({ lanes: { values } }) => values ?? []),
  };
}

async function aside(gateway: string) {
  const kept = await postgresFrameStore(pipe.database.database).aside(pipe.organisation, gateway);
  return [kept.quarantined.length, kept.conflicts.length, kept.gaps.length];
}
