import { isUtf8 } from "node:buffer";
import { filterOf, isMapped, type JsonMapping, mapJson } from "@sunledger/model/inputs";
import { brokerConnection, type Scope } from "@sunledger/runtime";
import type { IClientOptions } from "mqtt";
import { holdPubacks } from "./held-pubacks.ts";
import type { Input, InputDesk } from "./input-desk.ts";
import { underWay } from "./under-way.ts";

export type InputEarParts = {
  readonly mqttUrl: string;
  /** Name and password at the broker; the client's name is the same after each start. */
  readonly mqtt: Pick<IClientOptions, "clientId" | "username" | "password">;
  readonly mappings: readonly JsonMapping[];
  readonly desk: Pick<InputDesk, "take" | "takeLater">;
};

/**
 * Hears devices that publish JSON of their own. A message of QoS 1 is acknowledged to the broker once its values are
 * committed, or it is in quarantine; until then a broker that keeps sessions keeps it. What it sends again meanwhile
 * is the same message, of the time at which it came first.
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
  const unanswered = underWay();

  client.on("message", (topic, payload, { qos, messageId }) => {
    const mapping = mappings.find((one) => isMapped(one, topic));
    if (!mapping || payload.length === 0) return;
    const input = inputOf(mapping, topic, payload);
    if (qos === 0) return void desk.take(mapping.gateway, [input]);
    // How many wait for room is bounded by what the broker has under way.
    const take = () => desk.takeLater(mapping.gateway, input);
    unanswered.hear({ topic, payload }, hold(messageId), take);
  });
  client.on("close", unanswered.broken);
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

/** Its values, or the whole of it and why it has none. */
function inputOf(mapping: JsonMapping, topic: string, payload: Buffer): Input {
  const message = payload.toString();
  const answer = mapJson(mapping, topic, message);
  if (answer.ok) return answer;
  const whole = isUtf8(payload) ? { message } : { base64: payload.toString("base64") };
  return { ...answer, payload: { topic, ...whole } };
}
