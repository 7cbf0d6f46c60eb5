import { Ack, type Layout, topics } from "@sunledger/model";
import { type Scope, sendAtOnce, unpackJson } from "@sunledger/runtime";
import { connect, type ErrorWithReasonCode } from "mqtt";

/** Who speaks, and where. */
export type GatewayPlace = {
  readonly url: string;
  readonly gateway: string;
  readonly secret: string;
};

export type SessionParts = {
  /** Connected anew, with acks subscribed: what was under way before may be lost. */
  readonly begun: () => void;
  readonly hear: (ack: Ack) => void;
  /** The broker does not take this gateway: trying again is of no use. */
  readonly refused: (error: Error) => void;
};

/** A connection to the broker that comes back by itself. */
export type Session = {
  /** Says what a layout names, once a connection; resolves when the broker has it. */
  announce(hash: string, layout: Layout): Promise<void>;
  publish(message: Buffer): Promise<void>;
  /** Whether there is no connection at the moment. */
  over(): boolean;
  close(): Promise<void>;
};

const badUser = 4;
const notAuthorised = 5;
/** The broker may ask its database a moment too early: refused once is not refused for good. */
const mostRefusals = 5;

/** Connects as the gateway and resolves with the first session. */
export function openSession(
  place: GatewayPlace,
  log: Scope["log"],
  parts: SessionParts,
): Promise<Session> {
  const { url, gateway, secret } = place;
  const client = connect(url, {
    clientId: gateway,
    username: gateway,
    password: secret,
    reconnectPeriod: 500,
    reconnectOnConnackError: true,
    resubscribe: false,
    queueQoSZero: false,
    manualConnect: true,
  });
  sendAtOnce(client);
  let announced = new Set<string>();
  let ready = false;
  let refusals = 0;

  // Handlers stand before the connection does (D-11).
  client.on("message", (_topic, payload) => {
    const ack = readAck(payload);
    if (ack) parts.hear(ack);
    else log.warn("an ack that cannot be read");
  });
  client.on("error", (error: Error | ErrorWithReasonCode) => {
    const code = "code" in error ? Number(error.code) : 0;
    if (code !== badUser && code !== notAuthorised) return log.warn({ err: error }, "broker");
    refusals += 1;
    if (refusals < mostRefusals) return log.warn({ gateway }, "refused by the broker");
    client.end(true);
    parts.refused(new Error(`the broker does not take gateway ${gateway} with this secret`));
  });
  client.on("close", () => {
    ready = false;
  });

  const session: Session = {
    async announce(hash, layout) {
      if (announced.has(hash)) return;
      await client.publishAsync(topics.layout(gateway, hash), JSON.stringify(layout), {
        qos: 1,
        retain: true,
      });
      announced.add(hash);
    },
    publish: async (message) => void (await client.publishAsync(topics.frames(gateway), message)),
    over: () => !ready,
    // At once: whoever closes has every ack it waited for, or no longer waits for any.
    close: () => {
      client.options.reconnectPeriod = 0; // an end amid the first attempt would be followed by a second
      return client.endAsync(true);
    },
  };

  client.on("connect", () => {
    client.subscribe(topics.ack(gateway), { qos: 0 }, (error) => {
      if (error && !client.connected) return; // the next connection subscribes
      if (error) {
        client.end(true);
        return parts.refused(new Error(`the broker lets gateway ${gateway} hear no acks`));
      }
      announced = new Set();
      refusals = 0;
      ready = true;
      parts.begun();
    });
  });
  client.connect();
  return Promise.resolve(session);
}

function readAck(payload: Uint8Array): Ack | undefined {
  try {
    const ack = Ack.safeParse(unpackJson(payload));
    return ack.success ? ack.data : undefined;
  } catch {
    return undefined;
  }
}
