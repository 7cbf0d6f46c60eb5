import { topics } from "@sunledger/model";
import { brokerConnection, type Clock, type Scope } from "@sunledger/runtime";
import type { Conditions, GatewayEntry, OpenFrameStore, Records } from "@sunledger/store";
import type { IClientOptions } from "mqtt";
import { type Arrived, accepting } from "./accept/accept.ts";
import { houseTime } from "./accept/house-time.ts";
import { layouts } from "./accept/layouts.ts";
import { commitLoop } from "./commit/commit-loop.ts";
import { committer } from "./commit/committer.ts";
import { keepingEvents } from "./commit/events.ts";
import { holes } from "./commit/holes.ts";
import { intake } from "./commit/intake.ts";
import { resets } from "./commit/resets.ts";
import { type Counters, noCounts } from "./counters.ts";
import type { Failpoint } from "./failpoint.ts";
import { conservation } from "./gateways/conservation.ts";
import { directory } from "./gateways/directory.ts";
import { missingFrames } from "./gateways/missing-frames.ts";
import { reports } from "./gateways/reports.ts";
import { type Share, sharing } from "./gateways/share.ts";
import { type InputDesk, inputDesk } from "./inputs/input-desk.ts";
import { lossyPublisher } from "./lossy-publisher.ts";
import { organisationsOf } from "./organisations.ts";
import { packingOldDays } from "./packing/pack-old-days.ts";
import { postRoom } from "./post-room.ts";
import { checkingRollUps } from "./rollups/checking.ts";
import { retention } from "./rollups/retention.ts";
import { rollingUp } from "./rollups/rolling-up.ts";
import { timeZonesOf } from "./rollups/time-zones.ts";

export type IngestParts = {
  readonly mqttUrl: string;
  /** Name and password at the broker. */
  readonly mqtt: Pick<IClientOptions, "clientId" | "username" | "password">;
  readonly frameStore: Omit<OpenFrameStore, "close">;
  readonly records: Pick<
    Records,
    "gatewayEntry" | "keepStatus" | "keepAnnouncement" | "keepEvents" | "plants" | "deviceList"
  >;
  readonly conditions: Conditions;
  /** Whose frames it takes; absent: everybody's. The first of several does the work of the house. */
  readonly share?: Share;
  /** How long messages are gathered before they are committed together. */
  readonly commitMs: number;
  /** After so many days a day is packed, if the store packs days. */
  readonly packAfterDays: number;
  /** For how many days values and roll-ups of minutes are kept, if the store rolls up. */
  readonly keepRawDays: number;
  readonly keepMinutesDays: number;
  readonly failpoint?: Failpoint;
  /** The time of the data. */
  readonly clock: Clock;
  /** The pace of ingest's own work: real time. */
  readonly pace: Clock;
};

export type Ingest = {
  counters(): Readonly<Counters>;
  waiting(): Waiting;
  /** How many frames of each gateway were acknowledged and are not settled (D-13). */
  missingFrames(): ReadonlyMap<string, number>;
  /** Takes values of those who are no gateways. */
  readonly inputs: Pick<InputDesk, "take" | "takeLater">;
  /** What it cannot do its work without and does not have. */
  missing(): string | undefined;
};

/** The messages that are not committed yet. */
export type Waiting = {
  readonly messages: number;
  readonly bytes: number;
  /** For how long the oldest has waited. */
  readonly lagMs: number;
};

const bounds = { mostBytes: 32 * 1024 * 1024, mostMessages: 20_000 };
/** Seconds; a broker that says nothing is noticed within one and a half of it. */
const keepalive = 5;
const mostFarewellMs = 2_000;
const countersEveryMs = 10_000;

/** Starts taking frames off the broker; it stops with the scope. */
export function startIngest(parts: IngestParts, scope: Scope): Ingest {
  const { frameStore, records, clock, pace } = parts;
  const { log, signal } = scope;
  const share = parts.share ?? { worker: 1, workers: 1 };
  const counters = noCounts();
  const asked = resets();
  const time = houseTime({
    ...{ clock, pace, log },
    onBelieved: () => {
      asked.askAll();
      loop.kick();
    },
  });
  const onRead = ({ heardAt }: GatewayEntry) => time.remember(heardAt);
  const known = directory({ records, pace, log, onRead });
  const knownLayouts = layouts({ frameStore, pace, log });
  const waiting = intake(bounds, pace);
  const open = holes(pace);
  const account = conservation({
    ...{ directory: known, frameStore, pace, log },
    missingFrames: missingFrames(parts.conditions, clock),
  });

  // Connected last, when every handler is in place (D-11).
  const connection = brokerConnection({
    url: parts.mqttUrl,
    options: {
      ...{ ...parts.mqtt, keepalive },
      ...{ reconnectPeriod: 500, resubscribe: false, queueQoSZero: false },
    },
    log,
  });
  const broker = connection.client;
  const told = reports({ records, directory: known, counters, stamp: time.stamp, pace }, scope);
  const commit = committer({
    intake: waiting,
    accept: accepting({ directory: known, layouts: knownLayouts, time, log }),
    layouts: knownLayouts,
    frameStore,
    keepEvents: keepingEvents(records, log),
    resets: asked,
    holes: open,
    onNewStore: () => {
      told.forget();
      hearDevicesAgain();
    },
    organisationOf: async (gateway) => (await known.sender(gateway))?.organisation,
    // A lost ack costs nothing: the gateway asks by sending again.
    publish: lossyPublisher(broker, signal),
    onAck: (gateway, ack) => desk.hear(gateway, ack),
    failpoint: parts.failpoint ?? (() => {}),
    counters,
    clock,
  });
  const loop = commitLoop(
    {
      ...parts,
      commit,
      intake: waiting,
      layouts: knownLayouts,
      holes: open,
      resets: asked,
      counters,
    },
    scope,
  );

  const offer = (message: Arrived) => {
    counters.dropped += waiting.offer(message);
    loop.kick();
  };
  const deskParts = { layouts: knownLayouts, now: time.now, pace };
  const desk = inputDesk({ ...deskParts, offer }, scope);
  const take = postRoom({
    isOwn: sharing(share),
    frames: (gateway, payload) => offer({ gateway, payload }),
    layouts: knownLayouts,
    reports: told,
    resets: asked,
    account,
    hearTime: time.hear,
    kick: loop.kick,
    log,
  });
  broker.on("message", (topic, payload, { retain }) => take(topic, payload, retain));
  broker.on("connect", () => subscribe());
  // What is told to who has not subscribed is heard by nobody.
  let hears = false;
  broker.on("close", () => {
    hears = false;
  });
  scope.onStop("broker connection", async () => {
    // A broker that takes nothing does not take the farewell either.
    const farewell = new AbortController();
    const tooLong = pace.wait(mostFarewellMs, farewell.signal);
    await Promise.race([connection.end(false), tooLong]);
    // Else the wait would keep the program alive after all is said.
    farewell.abort();
    broker.stream?.destroy();
  });
  scope.onStop("commits", async () => {
    await loop.ended;
    log.info({ counters }, "counted");
  });

  const subscribe = () => {
    const { frames, layouts, devices, status } = topics.every;
    const wanted = { [frames]: 0, [layouts]: 1, [devices]: 1, [status]: 1 } as const;
    const filters = Object.entries(wanted).map(([topic, qos]) => [topic, { qos }] as const);
    broker.subscribe(Object.fromEntries(filters), (error) => {
      if (error && !broker.connected) return; // the next connection subscribes
      if (error) return log.error({ err: error }, "the broker does not let ingest subscribe");
      hears = true;
      log.info("subscribed");
      asked.askAll();
      loop.kick();
    });
  };

  /** The broker retains what is told of devices: who subscribes once more gets all of it. */
  const hearDevicesAgain = () => {
    if (!broker.connected) return; // the next connection subscribes
    broker.subscribe(topics.every.devices, { qos: 1 }, (error) => {
      if (error && broker.connected) log.warn({ err: error }, "devices are not heard again");
    });
  };

  if (share.worker === 1) keepHouse(parts, scope);
  logCounters(counters, pace, scope);
  if (!signal.aborted) connection.begin();
  return {
    counters: () => ({ ...counters }),
    waiting: () => {
      const { size: messages, bytes, oldestAt } = waiting;
      return { messages, bytes, lagMs: oldestAt === undefined ? 0 : pace.now() - oldestAt };
    },
    missingFrames: account.missing,
    inputs: desk,
    missing: () => (hears ? loop.away() : "broker"),
  };
}

/** What is done with frames that are stored already, whoever stored them: one does it for all. */
function keepHouse(parts: IngestParts, scope: Scope): void {
  const { frameStore, records, packAfterDays: afterDays, clock, pace } = parts;
  const { packDays, rollUps } = frameStore;
  const organisations = organisationsOf(frameStore, scope.log);
  if (packDays) packingOldDays({ packDays, organisations, afterDays, clock, pace }, scope);
  if (rollUps) {
    const work = { ...parts, rollUps, organisations, timeZones: timeZonesOf(records) };
    rollingUp(work, scope);
    checkingRollUps(work, scope);
    retention(work, scope);
  }
}

function logCounters(counters: Counters, pace: Clock, { log, signal }: Scope) {
  let last = "";
  const report = () => {
    const now = JSON.stringify(counters);
    if (now !== last) log.debug({ counters: { ...counters } }, "so far");
    last = now;
  };
  pace.every(countersEveryMs, report, signal);
}
