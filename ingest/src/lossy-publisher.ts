import type { MqttClient } from "mqtt";

/** Resolves once the message is on its way, or is lost. */
export type Publish = (topic: string, payload: Buffer) => Promise<void>;

/**
 * Publishes what may be lost (QoS 0). A message whose connection broke is settled with it: the
 * client calls nobody back for what waits on a stream that died. Once the service stops, nothing
 * is waited for.
 */
export function lossyPublisher(
  broker: Pick<MqttClient, "publish" | "on">,
  signal: AbortSignal,
): Publish {
  const pending = new Set<() => void>();
  const settleAll = () => {
    for (const settle of [...pending]) settle();
  };
  broker.on("close", settleAll);
  signal.addEventListener("abort", settleAll, { once: true });

  return (topic, payload) =>
    new Promise((resolve) => {
      const settle = () => {
        pending.delete(settle);
        resolve();
      };
      pending.add(settle);
      broker.publish(topic, payload, { qos: 0 }, settle);
      if (signal.aborted) settle();
    });
}
