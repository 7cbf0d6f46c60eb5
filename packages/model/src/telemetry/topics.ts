const root = "sunledger/v1";

/** What a message may weigh, packed. A broker hangs up on who sends more. */
export const mostPayloadBytes = 256 * 1024;

/** The MQTT topics of the house. The broker's policy and every program build them here. */
export const topics = {
  frames: (gateway: string) => `${root}/${gateway}/frames`,
  ack: (gateway: string) => `${root}/${gateway}/ack`,
  /** Retained; QoS 1. */
  layout: (gateway: string, hash: string) => `${root}/${gateway}/layouts/${hash}`,
  /** Retained; QoS 1. */
  device: (gateway: string, tag: string) => `${root}/${gateway}/devices/${tag}`,
  /** Retained, also the last will; QoS 1. */
  status: (gateway: string) => `${root}/${gateway}/status`,
  /** QoS 1; answered on `result`. */
  command: (gateway: string) => `${root}/${gateway}/command`,
  result: (gateway: string) => `${root}/${gateway}/result`,
  /** Retained and versioned; QoS 1. */
  config: (gateway: string) => `${root}/${gateway}/config`,
  /** Accepted frames, from ingest to api; QoS 0. */
  live: (organisation: string, plant: string) => `${root}/_live/${organisation}/${plant}`,
  /** Ticks of a driven clock, and each program's answer. */
  clock: `${root}/_clock`,
  clockAnswer: (program: string) => `${root}/_clock/${program}`,

  every: {
    frames: `${root}/+/frames`,
    layouts: `${root}/+/layouts/+`,
    devices: `${root}/+/devices/+`,
    status: `${root}/+/status`,
    result: `${root}/+/result`,
    live: `${root}/_live/#`,
    clockAnswers: `${root}/_clock/+`,
  },
} as const;

/** The gateway a topic belongs to, and what it carries; `undefined` for the house's own topics. */
export function parseGatewayTopic(
  topic: string,
): { readonly gateway: string; readonly what: string; readonly rest?: string } | undefined {
  const [product, version, gateway, what, rest, ...more] = topic.split("/");
  if (product !== "sunledger" || version !== "v1" || !gateway || !what || more.length > 0) return;
  if (!/^[A-Za-z0-9]/.test(gateway)) return;
  return rest === undefined ? { gateway, what } : { gateway, what, rest };
}
