import type { MqttClient } from "mqtt";

/** Sends the PUBACK that was held; nothing where its connection is gone: the broker sends its message again. */
export type Release = () => void;

/**
 * Holds back the PUBACKs of a client, and lets message after message come all the same: to delay the
 * client's own `handleMessage` would take them one at a time. Ask in the handler of `message` for what releases
 * the one at hand. Leans on the way in which mqtt.js sends packets, which a test holds.
 */
export function holdPubacks(client: MqttClient): (messageId: number | undefined) => Release {
  type Sent = { readonly cmd: string; readonly messageId?: number };
  type Send = (packet: Sent, done?: () => void, ...rest: unknown[]) => void;
  const inside = client as unknown as { _sendPacket: Send };
  const send = inside._sendPacket.bind(client);
  /** Of this connection; what is released before it would be sent is sent at once. */
  let held = new Map<number, "unsent" | "released" | Sent>();

  inside._sendPacket = (packet, done, ...rest) => {
    const { cmd, messageId } = packet;
    const state = messageId === undefined ? undefined : held.get(messageId);
    if (cmd !== "puback" || messageId === undefined || state === undefined) {
      return send(packet, done, ...rest);
    }
    if (state === "released") {
      held.delete(messageId);
      return send(packet, done, ...rest);
    }
    held.set(messageId, packet);
    done?.();
  };
  client.on("close", () => {
    held = new Map();
  });

  return (messageId) => {
    if (messageId === undefined) return () => {};
    const own = held;
    own.set(messageId, "unsent");
    return () => {
      const state = own.get(messageId);
      if (own !== held || state === undefined) return;
      if (state === "unsent") own.set(messageId, "released");
      else if (state !== "released") {
        own.delete(messageId);
        send(state);
      }
    };
  };
}
