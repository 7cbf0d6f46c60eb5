import { filterOf, isMapped, type JsonMapping, mapJson } from "@sunledger/model/inputs";
import { brokerConnection, type Scope } from "@sunledger/runtime";
import type { IClientOptions } from "mqtt";
import { holdPubacks } from "./held-pubacks.ts";
import type { InputDesk } from "./input-desk.ts";

export type InputEarParts = {
  readonly mqttUrl: string;
  /** Name and password at the broker; the client's name is the same after each start. */
  readonly mqtt: Pick<IClientOptions, "clientId" | "username" | "password">;
  readonly mappings: readonly JsonMapping[];
  readonly desk: Pick<InputDesk, "take">;
};

const mostQuotedBytes = 4_096;

/**
 * Hears devices that publish JSON of their own. A message of QoS 1 is acknowledged to the broker once its values are
 * committed, or it is in quarantine; until then a broker that keeps sessions keeps it.
 */
export function hearInputs(parts: InputEarParts, scope: Scope): void {
  const { mappings, desk } = parts;
  if (mappings.length === 0) return;
  const connection = brokerConnection({
    url: parts.mqttUrl,
    options: {
      ...parts.mqtt,
      clean: false,
      keepalive: 5,
      reconnectPeriod: 500,
      resubscribe: false,
    },
    log: scope.log,
  });
  const { client } = connection;
  const hold = holdPubacks(client);

  client.on("message", (topic, payload, { qos, messageId }) => {
    const mapping = mappings.find((one) => isMapped(one, topic));
    if (!mapping || payload.length === 0) return;
    const release = hold(qos === 1 ? messageId : undefined);
    const text = payload.toString();
    const answer = mapJson(mapping, topic, text);
    const input = answer.ok
      ? answer
      : { ...answer, payload: { topic, message: text.slice(0, mostQuotedBytes) } };
    // What finds no room is not acknowledged, and comes again with the next connection.
    void desk.take(mapping.gateway, [input])?.then(release);
  });
  client.on("connect", () => {
    const filters = mappings.map((mapping) => [filterOf(mapping), { qos: 1 as const }] as const);
    client.subscribe(Object.fromEntries(filters), (error) => {
      if (error && client.connected) scope.log.error({ err: error }, "inputs are not heard");
      else if (!error)
        scope.log.info({ filters: filters.map(([filter]) => filter) }, "hears inputs");
    });
  });
  scope.onStop("inputs", () => connection.end());
  if (!scope.signal.aborted) connection.begin();
}
