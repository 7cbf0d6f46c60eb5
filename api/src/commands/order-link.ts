import {
  CommandResult,
  ConfigurationMessage,
  GatewayCommand,
  parseGatewayTopic,
  topics,
} from "@sunledger/model";
import { brokerConnection, type Clock, type Scope, unpackJson } from "@sunledger/runtime";

export type OrderLinkParts = {
  readonly url: string;
  readonly secret: string;
  /** Real time: how long to wait before a result is kept again. */
  readonly pace: Clock;
  /** Keeps a result. Rejects while that cannot be done. */
  readonly onResult: (gateway: string, result: CommandResult) => Promise<void>;
};

/** The way of orders to gateways, and of their answers back. */
export interface OrderLink {
  /** Why the broker is away, in words fit to show; `undefined` while it is there. */
  readonly away: string | undefined;
  connect(): void;
  /** Hands an order to the broker, or keeps it until the broker is back. Not awaited for an answer. */
  command(gateway: string, command: GatewayCommand): void;
  /** Retained: a gateway that was away finds it. */
  configure(gateway: string, message: ConfigurationMessage): void;
}

const retryMs = 1_000;

/**
 * A connection of its own, whose session the broker keeps: what a gateway answers while the api is
 * away waits there, and is taken off only when it is in the store. There is one such session, so one
 * api orders; others that answer beside it find the results in the store.
 */
export function openOrderLink(
  { url, secret, pace, onResult }: OrderLinkParts,
  { log, signal, onStop }: Scope,
): OrderLink {
  const connection = brokerConnection({
    url,
    options: {
      ...{ clientId: "_api-orders", username: "_api", password: secret },
      ...{ clean: false, resubscribe: false },
    },
    log,
  });
  const { client } = connection;
  onStop("orders", () => connection.end());

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
    });
  });

  const publish = (topic: string, content: unknown, retain: boolean) => {
    client.publish(topic, JSON.stringify(content), { qos: 1, retain }, (err) => {
      if (err && !signal.aborted) log.warn({ topic, err }, "order not handed to the broker");
    });
  };

  return {
    get away() {
      return connection.away;
    },
    connect: connection.begin,
    command: (gateway, command) =>
      publish(topics.command(gateway), GatewayCommand.parse(command), false),
    configure: (gateway, message) =>
      publish(topics.config(gateway), ConfigurationMessage.parse(message), true),
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
