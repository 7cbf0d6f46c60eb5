import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { parseGatewayTopic, topics } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import { Aedes, type Client, type PublishPacket } from "aedes";
import { admission } from "./admission.ts";
import type { ListenOn } from "./config.ts";
import {
  type CredentialParts,
  type Credentials,
  credentials,
  passwordHash,
  type Verdict,
} from "./credentials.ts";
import { doorkeeper } from "./doorkeeper.ts";
import { type HeldPublishes, heldPublishes } from "./held-publishes.ts";
import { listen } from "./listener.ts";
import { packetMeter } from "./packet-meter.ts";
import { type InputTopics, type Policy, policy } from "./policy.ts";
import { type RetainedBounds, retainedQuota } from "./retained-quota.ts";
import { fits } from "./topic-filter.ts";

export type BrokerParts = {
  readonly listenOn: ListenOn;
  readonly gatewayEntry: CredentialParts["gatewayEntry"];
  readonly serviceSecret: string;
  /** Whether the topics of a driven clock are open. */
  readonly drivenClock: boolean;
  /** Whose topics are open besides the house's own. */
  readonly inputs?: readonly InputTopics[];
  /** Real time: rates, and how long a credential is believed. */
  readonly pace: Clock;
  /** How much is retained of one gateway's layouts and devices; absent: enough for the largest. */
  readonly retained?: RetainedBounds;
  /** How long who takes nothing holds up the others before it is shown out, ms; absent: 3 s. */
  readonly drainMs?: number;
};

/** 256 KB of payload, and room for topic and headers. */
const mostPacketBytes = 256 * 1024 + 1_024;
/** How long a client that takes nothing may hold up the others. */
export const mostDrainMs = 3_000;
const recheckEveryMs = 4_000;
/** Some hundred devices have a tenth of it. */
const retainedBounds: RetainedBounds = { mostMessages: 500, mostBytes: 8 * 1024 * 1024 };

/** Connections by one secret: a gateway needs two, and what is no gateway may be a fleet of devices. */
const mostOfGateway = 10;
const mostOfSender = 200;

/** Starts the embedded broker; it stops with the scope. Resolves with its port. */
export async function startBroker(
  parts: BrokerParts,
  scope: Scope,
): Promise<{ readonly port: number }> {
  const { log } = scope;
  const broker = await Aedes.createBroker({
    concurrency: 5_000,
    drainTimeout: parts.drainMs ?? mostDrainMs,
    connectTimeout: 10_000,
    maxInflightInbound: 20,
    maxTopicLevels: 8,
  });
  const events: EventEmitter = broker;
  events.on("error", (error) => log.error({ err: error }, "broker"));
  scope.onStop("broker", () => new Promise<void>((resolve) => broker.close(() => resolve())));

  const door = doorkeeper(parts.pace);
  const signedIn = new Map<Client, SignedIn>();
  const checked = credentials({ ...parts, log });

  broker.preConnect = (_client, packet, callback) => {
    // No session outlives its connection: what must not be lost waits at the gateway, or with who is none.
    packet.clean = !isEar({ id: packet.clientId });
    callback(null, true);
  };
  const senders = new Set(parts.inputs?.map(({ gateway }) => gateway));
  const ifRoom = (client: Client, user: string): Verdict => {
    const most = senders.has(user) ? mostOfSender : mostOfGateway;
    return user.startsWith("_") || othersOf(user, client.id, signedIn) < most
      ? "welcome"
      : "unavailable";
  };
  const admit = admission({ door, credentials: checked });
  broker.authenticate = (client, user = "", password = Buffer.alloc(0), done) => {
    void admit(client.id, user, password).then((credential) => {
      const verdict = credential === "welcome" ? ifRoom(client, user) : credential;
      if (verdict === "welcome") {
        signedIn.set(client, { user, hash: passwordHash(password) });
        return done(null, true);
      }
      if (verdict === "refused") door.noteRefusal(remoteOf(client));
      log.warn({ clientId: client.id, user, remote: remoteOf(client), verdict }, "not signed in");
      done(refusal(verdict), false);
    });
  };
  broker.on("clientDisconnect", (client) => signedIn.delete(client));
  const mayRetain = retaining(parts.retained ?? retainedBounds, scope);
  const held = heldPublishes(broker, isEar);
  const isInput = (topic: string) => (parts.inputs ?? []).some(({ filter }) => fits(filter, topic));
  const rules = { ...policy(parts), mayRetain, isInput, held };
  obey(rules, broker, (client) => signedIn.get(client)?.user ?? "", log);
  showOutRevoked(checked, signedIn, parts.pace, scope);

  const take = (socket: Socket) => {
    if (!door.mayEnter(socket.remoteAddress ?? "")) return socket.destroy();
    limitPackets(socket, () => log.warn({ remote: socket.remoteAddress }, "packet too long"));
    return broker.handle(socket);
  };
  const port = await listen(parts.listenOn, take, scope);
  log.info({ host: parts.listenOn.host, port, tls: Boolean(parts.listenOn.tls) }, "listening");
  return { port };
}

/** The client by which ingest hears those who are no gateways. */
function isEar({ id }: Pick<Client, "id">): boolean {
  return id.startsWith("_ingest~inputs");
}

type SignedIn = { readonly user: string; readonly hash: string };

/** How many connections a user has by other names than this one, which it takes over. */
function othersOf(user: string, clientId: string, signedIn: ReadonlyMap<Client, SignedIn>) {
  let count = 0;
  for (const [client, one] of signedIn) {
    if (one.user === user && client.id !== clientId && !client.closed) count += 1;
  }
  return count;
}

type MayRetain = (packet: PublishPacket) => boolean;

type Rules = Policy & {
  readonly mayRetain: MayRetain;
  readonly isInput: (topic: string) => boolean;
  readonly held: HeldPublishes;
};

function obey(
  { mayPublish, maySubscribe, mayRetain, isInput, held }: Rules,
  broker: Aedes,
  userOf: (client: Client) => string,
  log: Scope["log"],
) {
  broker.authorizePublish = (client, packet, callback) => {
    if (!client || !mayPublish(userOf(client), packet.topic)) {
      log.warn({ clientId: client?.id, topic: packet.topic }, "publish refused");
      return callback(new Error(`may not publish to ${packet.topic}`));
    }
    packet.retain &&= mayRetain(packet);
    const user = userOf(client);
    if (packet.qos > 0 && isInput(packet.topic)) {
      return held.hold({ client, user }, packet, callback);
    }
    callback(null);
  };
  broker.authorizeSubscribe = (client, subscription, callback) => {
    const allowed = maySubscribe(userOf(client), subscription.topic);
    if (!allowed) log.warn({ clientId: client.id, topic: subscription.topic }, "subscribe refused");
    callback(null, allowed ? subscription : null);
  };
  for (const event of ["clientError", "connectionError"] as const) {
    broker.on(event, (client, error) => log.debug({ clientId: client.id, err: error }, event));
  }
}

/**
 * Only what tells a newcomer the state of things is retained; nothing that flows, and no more of one
 * gateway than it is allowed. What is not retained reaches those who listen now all the same.
 */
function retaining(bounds: RetainedBounds, { log, onStop }: Scope): MayRetain {
  const quota = retainedQuota(bounds);
  onStop("retained messages", () => {
    const { refusals } = quota;
    if (refusals.size > 0) log.info({ refusals: Object.fromEntries(refusals) }, "counted");
  });

  return ({ topic, payload }) => {
    if (topic === topics.clock) return true;
    const { gateway = "", what = "" } = parseGatewayTopic(topic) ?? {};
    if (what === "status" || what === "config") return true; // one of each
    if (what !== "layouts" && what !== "devices") return false;
    const admitted = quota.admit(gateway, topic, payload.length);
    if (!admitted && quota.refusals.get(gateway) === 1) {
      log.warn({ gateway, topic, ...bounds }, "too much to retain of one gateway: passed on only");
    }
    return admitted;
  };
}

/** Closes the connections of gateways whose credential was changed or taken away. */
function showOutRevoked(
  { stillHolds }: Credentials,
  signedIn: Map<Client, SignedIn>,
  pace: Clock,
  { log, signal }: Scope,
) {
  const recheck = async () => {
    for (const [client, { user, hash }] of [...signedIn]) {
      if (signal.aborted) return;
      if (client.closed) signedIn.delete(client);
      if (user.startsWith("_") || (await stillHolds(user, hash)) !== false) continue;
      log.warn({ clientId: client.id }, "credential revoked: connection closed");
      client.close();
    }
  };
  pace.every(recheckEveryMs, recheck, signal);
}

function limitPackets(socket: Socket, onTooLong: () => void) {
  const fits = packetMeter(mostPacketBytes);
  const read = socket.read.bind(socket);
  socket.read = (size?: number) => {
    const chunk: Buffer | null = read(size);
    if (chunk === null || fits(chunk)) return chunk;
    onTooLong();
    socket.destroy();
    return null;
  };
}

function refusal(verdict: Verdict) {
  return verdict === "unavailable"
    ? Object.assign(new Error("the database is away, or too many sign in at once"), {
        returnCode: 3,
      })
    : Object.assign(new Error("unknown user or wrong password"), { returnCode: 4 });
}

function remoteOf({ conn }: Client): string {
  return ("remoteAddress" in conn && conn.remoteAddress) || "";
}
