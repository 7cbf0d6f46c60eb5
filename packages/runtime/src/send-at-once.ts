import { Socket } from "node:net";
import type { MqttClient } from "mqtt";

/**
 * Lets what a client says leave at once, on each of its connections: else a small message waits for the
 * acknowledgement of the one before it, which the other side's system holds back for up to 40 ms.
 */
export function sendAtOnce(client: MqttClient): void {
  client.on("connect", () => {
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  });
}
