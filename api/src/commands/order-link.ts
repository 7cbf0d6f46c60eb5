import { ConfigurationMessage, GatewayCommand, topics } from "@sunledger/model";
import { brokerConnection, type Scope } from "@sunledger/runtime";
import { type ResultEarParts, resultEar } from "./result-ear.ts";

export type OrderLinkParts = ResultEarParts & {
  /** Tells this api from others at the same broker. */
  readonly instance: string;
};

/** The way of orders to gateways, and of their answers back. */
export interface OrderLink {
  /** Why nothing can be ordered now, in words fit to show; `undefined` while it can. */
  readonly away: string | undefined;
  /** Of several apis one has the lease: what may be done once alone, it does. */
  readonly isLeased: boolean;
  connect(): void;
  /** Hands an order to the broker, or keeps it until the broker is back. Not awaited for an answer. */
  command(gateway: string, command: GatewayCommand): void;
  /** Retained: a gateway that was away finds it. */
  configure(gateway: string, message: ConfigurationMessage): void;
}

/** Each api orders by a connection of its own; the answers are heard by one of them. */
export function openOrderLink({ instance, ...parts }: OrderLinkParts, scope: Scope): OrderLink {
  const { log, signal, onStop } = scope;
  const connection = brokerConnection({
    url: parts.url,
    options: { clientId: `_api-${instance}-orders`, username: "_api", password: parts.secret },
    log,
  });
  const { client } = connection;
  onStop("orders", () => connection.end());
  const ear = resultEar(parts, scope);

  const publish = (topic: string, content: unknown, retain: boolean) => {
    client.publish(topic, JSON.stringify(content), { qos: 1, retain }, (err) => {
      if (err && !signal.aborted) log.warn({ topic, err }, "order not handed to the broker");
    });
  };

  return {
    get away() {
      return connection.away ?? ear.away;
    },
    get isLeased() {
      return ear.isLeased;
    },
    connect() {
      connection.begin();
      ear.begin();
    },
    command: (gateway, command) =>
      publish(topics.command(gateway), GatewayCommand.parse(command), false),
    configure: (gateway, message) =>
      publish(topics.config(gateway), ConfigurationMessage.parse(message), true),
  };
}
