import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import {
  type DeviceAnnouncement,
  GatewayCommand,
  type GatewayStatus,
  type LiveClientEvents,
  type LiveJoinAnswer,
  type LiveMessage,
  type LiveReachUpdate,
  type LiveServerEvents,
  type LiveUpdate,
  layoutHash,
  topics,
  type Value,
} from "@sunledger/model";
import { type DrivenClock, drivenClock, type Scope, unpackJson } from "@sunledger/runtime";
import {
  memoryAudit,
  memoryCommands,
  memoryConditions,
  memoryConfigurations,
  memoryFrameStore,
  memoryLeases,
  memoryRollouts,
  type Records,
} from "@sunledger/store";
import { Aedes } from "aedes";
import { memoryAdapter } from "better-auth/adapters/memory";
import { connectAsync, type MqttClient } from "mqtt";
import { pino } from "pino";
import { io, type Socket } from "socket.io-client";
import { startApi } from "../app.ts";
import { betterAuthIdentity } from "../identity/better-auth-identity.ts";
import { plainRecords } from "./plain-records.ts";
import { samplePlant } from "./sample-plants.ts";
import { shippedProfiles } from "./shipped-profiles.ts";
import { testPassword } from "./test-api.ts";
import { until } from "./until.ts";

/** A whole api on loopback with a broker, one plant and one user. */
export type LiveHouse = {
  readonly address: string;
  readonly clock: DrivenClock;
  readonly organisation: string;
  readonly records: Records;
  readonly plant: string;
  /** Device ids by tag. */
  readonly devices: ReadonlyMap<string, string>;
  /** Commands that the api has given to the plant's gateway. */
  readonly commands: readonly GatewayCommand[];
  /** Of the user of that organisation, a viewer; absent: of the one with the plant. */
  cookie(organisation?: string): Promise<string>;
  /** Ends all sign-ins behind the api's back. */
  endSessions(): void;
  /** What ingest says of accepted frames: points and values of devices by tag. */
  accepted(
    at: number,
    values: Readonly<Record<string, Readonly<Record<string, Value>>>>,
  ): Promise<void>;
  status(status: Omit<GatewayStatus, "v">): Promise<void>;
  announce(announcement: DeviceAnnouncement): Promise<void>;
  listen(cookie: string): Promise<Listener>;
  stop(): Promise<void>;
};

/** A client of the live side, and what it has heard. */
export type Listener = {
  readonly socket: Socket<LiveServerEvents, LiveClientEvents>;
  readonly updates: readonly LiveUpdate[];
  readonly reaches: readonly LiveReachUpdate[];
  readonly beats: readonly number[];
  join(room: string): Promise<LiveJoinAnswer>;
};

export async function liveHouse(
  start: number,
  { pace }: { readonly pace?: DrivenClock } = {},
): Promise<LiveHouse> {
  const clock = drivenClock(start);
  const stopping: (() => unknown)[] = [];
  const ended = new AbortController();
  const scope: Scope = {
    log: pino({ level: "silent" }),
    signal: ended.signal,
    onStop: (_name, stop) => void stopping.push(stop),
  };
  const brokerUrl = await openBroker(scope);
  const records = plainRecords();
  const frames = memoryFrameStore();
  const signedIn = { user: [], session: [] as unknown[], account: [], verification: [] };
  const identity = await betterAuthIdentity({
    ...{ records, secret: "a secret for tests, long enough to be one", publicUrl: "http://x" },
    database: memoryAdapter(signedIn),
  });
  const organisation = await records.organisation("own");
  await records.provision({ organisation, plants: [samplePlant("own")] });
  for (const organisation of ["own", "other"]) {
    const email = `${organisation}@sunledger.example`;
    const user = { email, name: organisation, password: testPassword, role: "viewer" as const };
    await identity.createUser({ ...user, organisation });
  }
  const plant = (await records.plants(organisation))[0]?.id ?? "";
  const devices = new Map((await records.devices(organisation)).map(({ tag, id }) => [tag, id]));

  const ingest = await connectAsync(brokerUrl);
  scope.onStop("ingest", () => ingest.endAsync(true));
  const commands = await hearCommands(ingest);
  const rollouts = memoryRollouts();
  const { address } = await startApi(
    {
      ...{ clock, pace: pace ?? clock, records, frames, identity, needs: [] },
      ...{ commands: memoryCommands(), rollouts, audit: memoryAudit() },
      conditions: memoryConditions(),
      configurations: memoryConfigurations({ ...records, rollouts }),
      lease: memoryLeases()(),
      profiles: shippedProfiles(),
      broker: { url: brokerUrl, secret: "unused", instance: "test" },
      listen: { host: "127.0.0.1", port: 0 },
    },
    scope,
  );
  await until(async () => (await fetch(`${address}/readyz`)).ok);

  return {
    ...{ address, clock, organisation, records, plant, devices, commands },

    endSessions: () => void signedIn.session.splice(0),

    async cookie(organisation = "own") {
      const email = `${organisation}@sunledger.example`;
      const answer = await fetch(`${address}/api/v1/session`, {
        ...{ method: "POST", headers: { "content-type": "application/json" } },
        body: JSON.stringify({ email, password: testPassword }),
      });
      return answer.headers
        .getSetCookie()
        .map((cookie) => cookie.split(";", 1)[0])
        .join("; ");
    },

    async accepted(at, values) {
      const message: LiveMessage = { v: 1, arrival: clock.now(), frames: [] };
      for (const [tag, points] of Object.entries(values)) {
        const layout = { lane: "values" as const, points: Object.keys(points) };
        const hash = await layoutHash(layout);
        await frames.keepLayout(hash, layout);
        message.frames.push([devices.get(tag) ?? tag, hash, at, Object.values(points)]);
      }
      await ingest.publishAsync(topics.live(organisation, plant), JSON.stringify(message));
    },

    async status(status) {
      const payload = JSON.stringify({ v: 1, ...status });
      await ingest.publishAsync(topics.status("own-gw"), payload, { qos: 1, retain: true });
    },

    async announce(announcement) {
      const topic = topics.device("own-gw", announcement.tag);
      const payload = JSON.stringify(announcement);
      await ingest.publishAsync(topic, payload, { qos: 1, retain: true });
    },

    listen: (cookie) => listenAt(address, cookie, scope),

    async stop() {
      ended.abort();
      for (const stop of stopping.reverse()) await stop();
    },
  };
}

async function openBroker(scope: Scope): Promise<string> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  scope.onStop("broker", async () => {
    await new Promise<void>((done) => broker.close(done));
    await new Promise((done) => server.close(done));
  });
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function hearCommands(client: MqttClient): Promise<GatewayCommand[]> {
  const heard: GatewayCommand[] = [];
  client.on("message", (_topic, payload) => {
    heard.push(GatewayCommand.parse(unpackJson(payload)));
  });
  await client.subscribeAsync(topics.command("own-gw"), { qos: 1 });
  return heard;
}

async function listenAt(address: string, cookie: string, scope: Scope): Promise<Listener> {
  const socket: Listener["socket"] = io(`${address}/live`, {
    ...{ transports: ["websocket"], extraHeaders: { cookie }, reconnectionDelay: 20 },
    forceNew: true,
  });
  scope.onStop("listener", () => socket.disconnect());
  const updates: LiveUpdate[] = [];
  const reaches: LiveReachUpdate[] = [];
  const beats: number[] = [];
  socket.on("m", (update) => updates.push(update));
  socket.on("reach", (update) => reaches.push(update));
  socket.on("beat", ({ at }) => beats.push(at));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", (error) => {
      socket.disconnect();
      reject(error);
    });
  });
  // A connection that is closed since a room's table has changed takes its answer with it.
  const join = async (room: string): Promise<LiveJoinAnswer> => {
    const answer = await new Promise<LiveJoinAnswer | undefined>((resolve) => {
      const lost = () => resolve(undefined);
      socket.once("disconnect", lost);
      socket.emit("join", room, (said) => {
        socket.off("disconnect", lost);
        resolve(said);
      });
    });
    return answer ?? join(room);
  };
  return { socket, updates, reaches, beats, join };
}
