import { LiveMessage, topics } from "@sunledger/model";
import { systemClock, unpackJson } from "@sunledger/runtime";
import {
  type FrameStore,
  type GatewayEntry,
  memoryConditions,
  memoryFrameStore,
} from "@sunledger/store";
import { connectAsync } from "mqtt";
import { type Ingest, type IngestParts, startIngest } from "../app.ts";
import { type BrokerParts, startBroker } from "../broker/app.ts";
import { passwordHash } from "../broker/credentials.ts";
import { noon, sender } from "./frames.ts";
import { type TestGateway, testGateway } from "./gateway.ts";
import { testScope } from "./scope.ts";

const serviceSecret = "the house's own secret";
const secret = "a gateway's random secret";

type KeptRecord = { readonly subject: string; readonly content: unknown };

/** A broker and an ingest in this process, over a store in memory. */
export type TestHouse = {
  readonly url: string;
  readonly frameStore: FrameStore;
  /** Makes every call to the store fail, as if it were away. */
  storeAway(away: boolean): void;
  readonly entries: Map<string, GatewayEntry>;
  readonly keptRecords: KeptRecord[];
  readonly live: LiveMessage[];
  gateway(id?: string, epoch?: string): Promise<TestGateway>;
  /** Resolves once it hears gateways: what they say before, they say to nobody. */
  startIngest(more?: Partial<IngestParts>): Promise<Ingest & { stop(): Promise<void> }>;
  stop(): Promise<void>;
};

export async function testHouse(more: Pick<BrokerParts, "inputs"> = {}): Promise<TestHouse> {
  const scope = testScope();
  const entries = new Map<string, GatewayEntry>();
  const secretHash = passwordHash(Buffer.from(secret));
  for (const id of ["roof-17", "roof-18"]) entries.set(id, { ...sender, id, secretHash });
  const keptRecords: KeptRecord[] = [];
  const { frameStore, watched, storeAway } = store();

  const { port } = await startBroker(
    {
      listenOn: { host: "127.0.0.1", port: 0 },
      gatewayEntry: async (id) => entries.get(id),
      serviceSecret,
      drivenClock: false,
      pace: systemClock(),
      ...more,
    },
    scope,
  );
  const url = `mqtt://127.0.0.1:${port}`;
  const live = await listen(url);
  scope.onStop("api", live.end);

  return {
    url,
    frameStore,
    storeAway,
    entries,
    keptRecords,
    live: live.heard,

    async gateway(id = "roof-17", epoch) {
      const gateway = await testGateway(url, { id, secret, ...(epoch && { epoch }) });
      scope.onStop("gateway", gateway.end);
      return gateway;
    },

    async startIngest(more = {}) {
      const own = testScope();
      scope.onStop("ingest", own.stop);
      const parts: IngestParts = {
        mqttUrl: url,
        mqtt: { clientId: "_ingest", username: "_ingest", password: serviceSecret },
        frameStore: watched,
        records: recordsOf(entries, keptRecords),
        commitMs: 2,
        ...{ packAfterDays: 30, keepRawDays: 730, keepMinutesDays: 730 },
        conditions: memoryConditions(),
        clock: { ...systemClock(), now: () => noon },
        pace: systemClock(),
        ...more,
      };
      const ingest = startIngest(parts, own);
      while (ingest.missing() === "broker") await systemClock().wait(5);
      return { ...ingest, stop: own.stop };
    },
    stop: scope.stop,
  };
}

function recordsOf(
  entries: ReadonlyMap<string, GatewayEntry>,
  kept: KeptRecord[],
): IngestParts["records"] {
  return {
    gatewayEntry: async (id) => entries.get(id),
    plants: async () => [],
    deviceList: async () => [],
    keepStatus: async (_organisation, gateway, status) => {
      kept.push({ subject: gateway, content: status });
    },
    keepAnnouncement: async (_organisation, device, announcement) => {
      kept.push({ subject: device, content: announcement });
    },
    keepEvents: async (_organisation, events) => {
      for (const event of events) kept.push({ subject: event.device, content: event });
    },
  };
}

function store() {
  const frameStore = memoryFrameStore();
  let away = false;
  const unlessAway = async <T>(answer: () => Promise<T>): Promise<T> => {
    if (away) throw new Error("the store is away");
    return answer();
  };
  const watched: FrameStore = {
    ...frameStore,
    incarnation: () => unlessAway(frameStore.incarnation),
    keepLayout: (hash, layout) => unlessAway(() => frameStore.keepLayout(hash, layout)),
    layout: (hash) => unlessAway(() => frameStore.layout(hash)),
    write: (batches) => unlessAway(() => frameStore.write(batches)),
    settled: (organisation, gateway) => unlessAway(() => frameStore.settled(organisation, gateway)),
  };
  const storeAway = (on: boolean) => {
    away = on;
  };
  return { frameStore, watched, storeAway };
}

async function listen(url: string) {
  const api = await connectAsync(url, {
    clientId: "_api",
    username: "_api",
    password: serviceSecret,
  });
  const heard: LiveMessage[] = [];
  api.on("message", (_topic, payload) => heard.push(LiveMessage.parse(unpackJson(payload))));
  await api.subscribeAsync(topics.every.live);
  return { heard, end: () => api.endAsync(true) };
}
