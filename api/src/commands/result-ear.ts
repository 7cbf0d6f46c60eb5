import { CommandResult, parseGatewayTopic, topics } from "@sunledger/model";
import { brokerConnection, type Clock, type Scope, unpackJson } from "@sunledger/runtime";
import type { Lease } from "@sunledger/store";

export type ResultEarParts = {
  readonly url: string;
  readonly secret: string;
  /** Of several apis the one that has it hears the answers. */
  readonly lease: Lease;
  /** Real time: how long to wait before a result is kept again, or the lease asked for. */
  readonly pace: Clock;
  /** Keeps a result. Rejects while that cannot be done. */
  readonly onResult: (gateway: string, result: CommandResult) => Promise<void>;
};

/** Hears what gateways answer. */
export interface ResultEar {
  /** Why nobody may hear an answer that comes now, in words fit to show; `undefined` while somebody does. */
  readonly away: string | undefined;
  /** Whether this api is the one that has the lease. */
  readonly isLeased: boolean;
  begin(): void;
}

const retryMs = 1_000;
/** After so long at most another api hears what that one does not any more. */
const askEveryMs = 2_000;

/**
 * One session at the broker, which the broker keeps: what a gateway answers while no api is there waits in
 * it, and is taken off only when it is in the store. There is one such session for all apis: two that used
 * it would throw each other out. Who has the lease uses it; the others find the results in the store.
 */
export function resultEar(parts: ResultEarParts, { log, signal, onStop }: Scope): ResultEar {
  const { lease, pace } = parts;
  const unknown = "It is not known yet which api hears the answers.";
  let away: () => string | undefined = () => unknown;
  let isBegun = false;
  let isLeased = false;
  let listening: Promise<void> = Promise.resolve();

  const listenWhile = async (held: AbortSignal) => {
    const over = AbortSignal.any([held, signal]);
    const session = openSession(parts, { log, signal: over });
    away = () => session.away;
    isLeased = !over.aborted;
    log.info("answers of gateways are heard by this api");
    await new Promise<void>((resolve) => {
      if (over.aborted) return resolve();
      over.addEventListener("abort", () => resolve(), { once: true });
    });
    isLeased = false;
    away = () => unknown;
    await session.end();
    if (!signal.aborted) log.warn("answers of gateways are not heard by this api any more");
  };

  /** Listens as long as it may; how long to wait until it asks whether it may again. */
  const listenOnce = async (): Promise<number> => {
    try {
      const held = await lease.take();
      if (!held) {
        // Another does.
        away = () => undefined;
        return askEveryMs;
      }
      await listenWhile(held);
      return 0;
    } catch (err) {
      log.debug({ err }, "lease of orders cannot be asked for");
      away = () => unknown;
      return retryMs;
    }
  };

  const listen = async () => {
    while (!signal.aborted) {
      const waitMs = await listenOnce();
      if (waitMs > 0) await pace.wait(waitMs, signal);
    }
  };
  onStop("answers", () => listening);

  return {
    get away() {
      return away();
    },
    get isLeased() {
      return isLeased;
    },
    begin() {
      if (isBegun) return;
      isBegun = true;
      listening = listen();
    },
  };
}

type Session = { readonly away: string | undefined; end(): Promise<void> };

function openSession(
  { url, secret, pace, onResult }: ResultEarParts,
  { log, signal }: Pick<Scope, "log" | "signal">,
): Session {
  const connection = brokerConnection({
    url,
    options: {
      ...{ clientId: "_api-orders", username: "_api", password: secret },
      ...{ clean: false, resubscribe: false },
    },
    log,
  });
  const { client } = connection;
  let isSubscribed = false;

  const keep = async (topic: string, payload: Buffer): Promise<void> => {
    const place = parseGatewayTopic(topic);
    if (place?.what !== "result") return;
    const { gateway } = place;
    const result = CommandResult.safeParse(contentOf(payload));
    if (!result.success) {
      return log.warn({ gateway, reason: result.error.issues[0]?.message }, "result refused");
    }
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      try {
        return await onResult(gateway, result.data);
      } catch (err) {
        if (isFirst) log.warn({ gateway, command: result.data.id, err }, "result not kept yet");
        await pace.wait(retryMs, signal);
      }
    }
    throw new Error("stopped before the result was kept");
  };

  // The broker hears that it was taken when this is done.
  client.handleMessage = ({ topic, payload }, done) => {
    keep(topic.toString(), Buffer.from(payload)).then(
      () => done(),
      (error: Error) => done(error),
    );
  };
  client.on("connect", () => {
    client.subscribe(topics.every.result, { qos: 1 }, (err) => {
      if (err) log.error({ err }, "could not subscribe to results");
      else isSubscribed = true;
    });
  });
  connection.begin();
  return {
    get away() {
      return connection.away ?? (isSubscribed ? undefined : "It has not answered yet.");
    },
    end: () => connection.end(),
  };
}

/** `undefined`, which no schema takes, for what is not packed JSON. */
function contentOf(payload: Buffer): unknown {
  try {
    return unpackJson(payload);
  } catch {
    return undefined;
  }
}
