import { setTimeout as sleep } from "node:timers/promises";
import { type Scope, untilAborted } from "@sunledger/runtime";
import { type BrokerPlace, type BrokerSession, openBrokerSession } from "./broker-session.ts";

export type ConnectingParts = {
  readonly place: BrokerPlace;
  readonly log: Scope["log"];
  /** Real time of the first wait before a reconnect. */
  readonly reconnectMs: number;
  /** A number from 0 up to 1, for the jitter. */
  readonly random: () => number;
  readonly onMessage: (topic: string, payload: Buffer) => void;
  /** Called with each session; those of the past are over. */
  readonly begin: (session: BrokerSession) => Promise<void>;
  /** Called when the gateway stops while a session is open, before it is left. */
  readonly farewell: (session: BrokerSession) => Promise<void>;
};

const mostReconnectMs = 30_000;
/** A session that ends sooner counts as a failure: a broker that throws us out is not besieged. */
const soundAfterMs = 10_000;
const farewellMs = 2_000;

/** Holds a session with the broker, one after the other, until the signal is aborted. */
export async function keepConnected(parts: ConnectingParts, signal: AbortSignal): Promise<void> {
  const { place, log, reconnectMs, random } = parts;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const session = await openBrokerSession(place, parts.onMessage, signal);
      log.info("connected to the broker");
      const sound = setTimeout(() => {
        failures = 0;
      }, soundAfterMs);
      await live(session, parts, signal).finally(() => clearTimeout(sound));
      if (!signal.aborted)
        log.warn({ reason: session.signal.reason }, "connection to the broker lost");
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error, failures }, "broker cannot be reached");
    }
    const wait = Math.min(mostReconnectMs, reconnectMs * 2 ** failures) * (0.5 + random());
    failures += 1;
    await sleep(wait, undefined, { signal }).catch(() => {});
  }
}

/** Resolves when the session is over. */
async function live(session: BrokerSession, parts: ConnectingParts, signal: AbortSignal) {
  const over = AbortSignal.any([session.signal, signal]);
  try {
    // A broker that falls silent while it is told of everything delays no end.
    await Promise.race([parts.begin(session), untilAborted(over)]);
    await untilAborted(over);
  } finally {
    if (signal.aborted) await leave(session, parts.farewell);
    else await session.leave();
  }
}

async function leave(session: BrokerSession, farewell: ConnectingParts["farewell"]) {
  await Promise.race([
    farewell(session).then(() => session.leave()),
    sleep(farewellMs, undefined, { ref: false }),
  ]).catch(() => {});
  session.cut();
}
