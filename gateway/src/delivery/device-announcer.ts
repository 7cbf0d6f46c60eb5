import { type DeviceAnnouncement, mostPayloadBytes, topics } from "@sunledger/model";
import type { Scope } from "@sunledger/runtime";
import { MessageTooLargeError } from "./message-too-large.ts";
import { sideBySide } from "./side-by-side.ts";

/** What the gateway's devices are, as the broker retains it. */
export interface DeviceAnnouncer {
  /** Tells it now, and at every connect. */
  announce(announcement: DeviceAnnouncement): void;
  /** A device that is the gateway's no longer: what the broker retains of it is taken back. */
  forget(tag: string): void;
  /** A connection begins: tells it of all, many at a time. Resolves when the broker has taken it. */
  tellAll(): Promise<void>;
}

export type DeviceAnnouncerParts = {
  readonly gateway: string;
  /**
   * Has the broker retain the message, nothing instead of it when there is none. Whether there is a
   * connection; rejects when it is lost.
   */
  readonly tell: (topic: string, message: object | undefined) => Promise<boolean>;
  /** The broker retains nothing of a forgotten device any more. */
  readonly onTakenBack?: ((tag: string) => void) | undefined;
  readonly log: Scope["log"];
};

/** So many announcements are on their way at once: one by one a fleet would take minutes on a slow line. */
export const mostUnderWay = 64;

export function deviceAnnouncer(parts: DeviceAnnouncerParts): DeviceAnnouncer {
  const { gateway, tell, onTakenBack, log } = parts;
  const devices = new Map<string, DeviceAnnouncement>();
  const refused = new Map<string, DeviceAnnouncement>();
  /** Devices that are the gateway's no longer, of which the broker may still tell. */
  const withdrawn = new Set<string>();

  /** One that no broker takes is refused here, once and by name: it would end every session anew. */
  const tellOf = async (announcement: DeviceAnnouncement) => {
    const { tag } = announcement;
    if (refused.get(tag) === announcement) return;
    try {
      await tell(topics.device(gateway, tag), announcement);
    } catch (error) {
      if (!(error instanceof MessageTooLargeError)) throw error;
      if (refused.get(tag) === announcement) return;
      refused.set(tag, announcement);
      const { bytes } = error;
      const points = announcement.points.length;
      log.error(
        { tag, points, bytes, mostBytes: mostPayloadBytes },
        "device not announced: too large",
      );
    }
  };

  const withdraw = async (tag: string) => {
    const isTold = await tell(topics.device(gateway, tag), undefined);
    if (isTold && withdrawn.has(tag)) onTakenBack?.(tag);
  };

  return {
    announce(announcement) {
      withdrawn.delete(announcement.tag);
      devices.set(announcement.tag, announcement);
      tellOf(announcement).catch((error) => log.debug({ err: error }, "not told"));
    },

    forget(tag) {
      devices.delete(tag);
      refused.delete(tag);
      withdrawn.add(tag);
      withdraw(tag).catch((error) => log.debug({ err: error }, "not withdrawn"));
    },

    async tellAll() {
      await sideBySide(devices.values(), mostUnderWay, tellOf);
      await sideBySide(withdrawn, mostUnderWay, withdraw);
    },
  };
}
