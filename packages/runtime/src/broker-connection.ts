import { connect, type IClientOptions, type MqttClient } from "mqtt";
import { sendAtOnce } from "./send-at-once.ts";
import type { Scope } from "./service.ts";

/** A program's one connection to the broker. */
export type BrokerConnection = {
  /** For handlers, subscriptions and publishing; connecting and ending are done by the methods below. */
  readonly client: MqttClient;
  /** Why the broker cannot be used now, in words fit to show; `undefined` while it can. */
  readonly away: string | undefined;
  /** Begins to connect, and does not wait for it: from then on it comes back by itself. */
  begin(): void;
  /** Lets go of the broker for good, at once when forced; nothing to do where it was never begun. */
  end(force?: boolean): Promise<void>;
};

export type BrokerConnectionParts = {
  readonly url: string;
  /** Name and password at the broker, and what else is not as usual. */
  readonly options: IClientOptions;
  readonly log: Scope["log"];
};

/**
 * A connection that is made later, by `begin`, when every handler is in place. Whatever keeps the
 * broker away, it is tried again; that is said once in the log for each reason, and once when it is
 * over.
 */
export function brokerConnection({ url, options, log }: BrokerConnectionParts): BrokerConnection {
  const client = connect(url, {
    ...{ reconnectPeriod: 1_000, connectTimeout: 5_000 },
    ...options,
    manualConnect: true,
    // A broker that refuses now, since it is starting or its settings were wrong, may take us later.
    reconnectOnConnackError: true,
  });
  sendAtOnce(client);
  const broker = new URL(url).host;
  let begun = false;
  let away: string | undefined = "It has not answered yet.";
  let told: string | undefined;

  const tell = (reason: string, err?: Error) => {
    away = reason;
    if (told === reason) return;
    told = reason;
    const why = `${reason.charAt(0).toLowerCase()}${reason.slice(1, -1)}`;
    log.warn({ broker, err }, `the broker at ${broker} is away: ${why}; trying again`);
  };
  client.on("error", (error) => tell(whyBrokerAway(error), error));
  client.on("close", () => {
    if (begun && away === undefined) tell("The connection broke.");
  });
  client.on("connect", () => {
    if (told !== undefined) log.info({ broker }, "the broker is back");
    away = told = undefined;
  });

  return {
    client,
    get away() {
      return away;
    },

    begin() {
      begun = true;
      client.connect();
    },

    async end(force = true) {
      if (!begun) return;
      begun = false;
      // Else an end amid the first attempt would be followed by a second one.
      client.options.reconnectPeriod = 0;
      await client.endAsync(force);
    },
  };
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: "It refuses connections.",
  ECONNRESET: "The connection broke.",
  EPIPE: "The connection broke.",
  ENOTFOUND: "Its host is not known.",
  EAI_AGAIN: "Its host is not known.",
  EHOSTUNREACH: "Its host cannot be reached.",
  ENETUNREACH: "Its host cannot be reached.",
  ETIMEDOUT: "It does not answer.",
  // What an MQTT 3.1.1 broker answers.
  "3": "It cannot take anybody now.",
  "4": "It refuses the user or the password: SUNLEDGER_SERVICE_SECRET is not the broker's.",
  "5": "It refuses the user or the password: SUNLEDGER_SERVICE_SECRET is not the broker's.",
};

/** In words why a broker cannot be reached; never its address. */
function whyBrokerAway(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  const reason = reasons[code];
  if (reason) return reason;
  return error.message === "connack timeout" ? "It does not answer." : "The connection failed.";
}
