import { setTimeout as sleep } from "node:timers/promises";
import { type GatewayStatus, topics } from "@sunledger/model";
import { sendAtOnce, untilAborted } from "@sunledger/runtime";
import { connect, type IClientPublishOptions, type MqttClient } from "mqtt";
import { certificateUntil } from "./certificate-until.ts";

export type BrokerPlace = {
  readonly url: string;
  /** The gateway's id: client id and user name. */
  readonly gateway: string;
  readonly secret: string;
};

/** One connection to the broker, from SUBACK to its end. */
export interface BrokerSession {
  /** Resolves when the packet is written, with QoS 1 when it is acknowledged; rejects at the end. */
  publish(topic: string, payload: Buffer | string, options?: IClientPublishOptions): Promise<void>;
  /** Aborted when the connection is over, with the reason. */
  readonly signal: AbortSignal;
  /** Until when the broker's certificate is valid, Unix milliseconds; absent without TLS. */
  readonly certificateUntil: number | undefined;
  /** Leaves in order: the last will is not published. */
  leave(): Promise<void>;
  /** Ends at once. */
  cut(): void;
}

const leaveWithinMs = 2_000;
/** Between trials to subscribe; after the last the connection is given up, and the refusal told. */
const subscribeWaitsMs = [500, 1_000, 2_000, 4_000, 8_000];

/** The connection was refused or lost. */
export class BrokerError extends Error {
  override readonly name = "BrokerError";
}

/**
 * Connects once, without trying again; `stop` ends the trial. It is a session only when acks, commands and its configuration are subscribed:
 * what is sent before that could be answered unheard.
 */
export async function openBrokerSession(
  { url, gateway, secret }: BrokerPlace,
  onMessage: (topic: string, payload: Buffer) => void,
  stop: AbortSignal,
): Promise<BrokerSession> {
  const offline: GatewayStatus = { v: 1, state: "offline" };
  const client = connect(url, {
    clientId: gateway,
    username: gateway,
    password: secret,
    protocolVersion: 4,
    clean: true,
    keepalive: 15,
    connectTimeout: 10_000,
    reconnectPeriod: 0,
    queueQoSZero: false,
    manualConnect: true,
    // 65,536 numbers as buffers: 7 MB, for a few messages a second.
    writeCache: false,
    will: {
      topic: topics.status(gateway),
      payload: Buffer.from(JSON.stringify(offline)),
      qos: 1,
      retain: true,
    },
  });
  sendAtOnce(client);
  const over = new AbortController();
  const pending = new Set<(error: Error) => void>();
  const end = (reason: string) => {
    if (over.signal.aborted) return;
    over.abort(reason);
    for (const reject of pending) reject(new BrokerError(reason));
    pending.clear();
    client.end(true);
  };

  // In place before the connection is: an ack may follow the CONNACK at once (D-11).
  client.on("message", onMessage);
  client.on("error", (error) => end(error.message));
  client.on("close", () => end("the broker closed the connection"));

  const settled = (act: (done: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      if (over.signal.aborted) return reject(new BrokerError(String(over.signal.reason)));
      pending.add(reject);
      act((error) => {
        pending.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });

  /** A refusal is no reason to leave: a broker whose rules are on their way is asked again. */
  const subscribed = async () => {
    for (let trial = 0; ; trial += 1) {
      try {
        return await settled((done) => subscribe(client, gateway, done));
      } catch (error) {
        if (over.signal.aborted || trial >= subscribeWaitsMs.length) throw error;
        await sleep(subscribeWaitsMs[trial], undefined, { signal: over.signal });
      }
    }
  };

  const stopped = () => end("stopping");
  stop.addEventListener("abort", stopped, { once: true });
  try {
    await settled((done) => {
      client.once("connect", () => done());
      client.connect();
    });
    await subscribed();
  } catch (error) {
    end(String(error));
    throw error;
  } finally {
    stop.removeEventListener("abort", stopped);
  }

  return {
    signal: over.signal,
    certificateUntil: certificateUntil(client.stream),
    publish: (topic, payload, options = {}) =>
      settled((done) => client.publish(topic, payload, options, done)),
    async leave() {
      if (over.signal.aborted) return;
      // It waits for what is on its way, which a silent broker never acknowledges.
      const patience = AbortSignal.any([over.signal, AbortSignal.timeout(leaveWithinMs)]);
      await Promise.race([client.endAsync().catch(() => {}), untilAborted(patience)]);
      end("left");
    },
    cut: () => end("cut"),
  };
}

function subscribe(client: MqttClient, gateway: string, done: (error?: Error | null) => void) {
  const wanted = {
    [topics.ack(gateway)]: { qos: 0 as const },
    [topics.command(gateway)]: { qos: 1 as const },
    [topics.config(gateway)]: { qos: 1 as const },
  };
  client.subscribe(wanted, (error, granted = []) => {
    const refused = granted.filter(({ qos }) => qos === 128).map(({ topic }) => topic);
    if (refused.length > 0) done(new BrokerError(`the broker refuses ${refused.join(", ")}`));
    else done(error);
  });
}
