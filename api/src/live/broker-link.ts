import {
  DeviceAnnouncement,
  GatewayCommand,
  GatewayStatus,
  LiveMessage,
  parseGatewayTopic,
  topics,
} from "@sunledger/model";
import { brokerConnection, type Scope, unpackJson } from "@sunledger/runtime";
import type { z } from "zod";
import type { Coming } from "../devices/gateway-word.ts";

export type BrokerSettings = {
  readonly url: string;
  readonly secret: string;
  /** Tells this api from its replicas. */
  readonly instance: string;
};

/** What is done with what the broker brings. */
export type BrokerListener = {
  accepted(organisation: string, plant: string, message: LiveMessage): Promise<void> | void;
  status(gateway: string, status: GatewayStatus, coming: Coming): void;
  announced(gateway: string, announcement: DeviceAnnouncement): void;
  /** The api hears again after it has been deaf: what it knows may be old. */
  heardAgain(): Promise<void> | void;
};

export interface BrokerLink {
  /** Why the broker is away, in words fit to show; `undefined` while it is there. */
  readonly away: string | undefined;
  /** Begins to connect, and does not wait for it. */
  connect(): void;
  /** At most once, to a gateway that is there: a command to an absent one is void. */
  command(gateway: string, command: GatewayCommand): Promise<void>;
}

/** Seconds; a broker that says nothing is noticed within one and a half of it. */
const keepalive = 5;

/**
 * The api's one connection to the broker, every handler in place (D-11). Once begun it comes back by
 * itself; the api answers without it.
 */
export function openBrokerLink(
  { url, secret, instance }: BrokerSettings,
  listener: BrokerListener,
  scope: Scope,
): BrokerLink {
  const options = { clientId: `_api-${instance}`, username: "_api", password: secret, keepalive };
  const connection = brokerConnection({ url, options, log: scope.log });
  const { client } = connection;
  scope.onStop("broker", () => connection.end());

  // One message after the other: a later value must not overtake an earlier one in a look-up.
  let handled: Promise<void> = Promise.resolve();
  const hear = makeHearing(listener);
  client.on("message", (topic, payload, { retain }) => {
    handled = handled
      .then(() => hear(topic, payload, retain ? "retained" : "sent"))
      .catch((err: unknown) => scope.log.warn({ err, topic }, "message from the broker"));
  });
  client.on("connect", () => {
    const { live, status, devices } = topics.every;
    client.subscribe([live, status, devices], { qos: 1 }, (err) => {
      if (err) scope.log.error({ err }, "could not subscribe");
      else void Promise.resolve(listener.heardAgain()).catch(warnOfReload);
    });
  });
  const warnOfReload = (err: unknown) => scope.log.warn({ err }, "could not read newest values");

  return {
    connect: connection.begin,

    get away() {
      return connection.away;
    },

    async command(gateway, command) {
      if (!client.connected) return;
      const payload = JSON.stringify(GatewayCommand.parse(command));
      await client.publishAsync(topics.command(gateway), payload, { qos: 1 });
    },
  };
}

const liveTopic = new RegExp(`^${topics.live("([^/]+)", "([^/]+)")}$`);

function makeHearing(listener: BrokerListener) {
  return async (topic: string, payload: Buffer, coming: Coming): Promise<void> => {
    const [, organisation, plant] = liveTopic.exec(topic) ?? [];
    if (organisation && plant) {
      return listener.accepted(organisation, plant, read(LiveMessage, payload));
    }
    const place = parseGatewayTopic(topic);
    if (!place || payload.length === 0) return; // an empty one takes back what was retained
    if (place.what === "status") {
      listener.status(place.gateway, read(GatewayStatus, payload), coming);
    }
    if (place.what === "devices") {
      listener.announced(place.gateway, read(DeviceAnnouncement, payload));
    }
  };
}

function read<S extends z.ZodType>(schema: S, payload: Buffer): z.infer<S> {
  return schema.parse(unpackJson(payload));
}
