import { pino } from "pino";
import { brokerConnection } from "./broker-connection.ts";
import { untilAborted } from "./waiting.ts";

export type AwaitedBroker = {
  readonly mqttUrl: string;
  readonly user: string;
  readonly secret: string;
  /** The user's name and `~look`, unless the broker wants another. */
  readonly clientId?: string;
  /** How long to try, in milliseconds of real time. */
  readonly patienceMs: number;
  /** Ends the waiting before that. */
  readonly signal: AbortSignal;
};

/**
 * Waits until a broker has taken the user in, and leaves it again: `undefined`, or after `patienceMs`
 * one sentence that says why it cannot be used.
 */
export async function awaitBroker(broker: AwaitedBroker): Promise<string | undefined> {
  const { mqttUrl, user, secret, patienceMs, signal } = broker;
  const { clientId = `${user}~look` } = broker;
  const options = { clientId, username: user, password: secret };
  const silent = pino({ level: "silent" });
  const connection = brokerConnection({ url: mqttUrl, options, log: silent });
  const taken = new Promise<void>((resolve) => connection.client.once("connect", () => resolve()));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    connection.begin();
    await Promise.race([taken, untilAborted(limit)]);
    return connection.away;
  } finally {
    await connection.end();
  }
}
