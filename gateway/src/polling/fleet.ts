import type { LeaseLinks } from "../modbus/leased-links.ts";
import type { Links } from "../modbus/links.ts";
import type { Device } from "./device.ts";
import type { Polling } from "./start-polling.ts";

/** A device that shall be polled. */
export type WantedDevice = {
  /** Changes with everything that the device was opened with. */
  readonly key: string;
  /** Opens it on its own share of the connections. */
  readonly open: (links: Links) => Device;
};

export type FleetChanges = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
};

/** The devices that are polled, by their tags. */
export interface Fleet {
  /**
   * Makes the fleet what is wanted. What goes or changes is closed first, so that no device is read
   * under two tags; a poll under way ends whole and is handed on. Then what is new or changed is
   * opened, one after the other. The others go on undisturbed. Rejects with the first reason why one
   * could not be opened, once all the others are. Not to be called again before it is through.
   */
  apply(wanted: ReadonlyMap<string, WantedDevice>): Promise<FleetChanges>;
  /** Those that are polled now. */
  devices(): readonly Device[];
}

export type FleetParts = {
  readonly polling: Pick<Polling, "add">;
  readonly lease: LeaseLinks;
  /** A device that will not be polled any more. */
  readonly onGone: (tag: string) => void;
  /** A device that shall be polled and cannot be opened. */
  readonly onFailed: (tag: string, error: unknown) => void;
};

export function fleet({ polling, lease, onGone, onFailed }: FleetParts): Fleet {
  const there = new Map<string, { key: string; device: Device; close(): Promise<void> }>();

  const failed = new Set<string>();

  const opened = ({ key, open }: WantedDevice) => {
    const links = lease();
    try {
      const device = open(links);
      const stop = polling.add(device);
      return { key, device, close: () => stop().then(links.close) };
    } catch (error) {
      links.close();
      throw error;
    }
  };

  return {
    devices: () => [...there.values()].map(({ device }) => device),

    async apply(wanted) {
      const before = new Set(there.keys());
      const leaving = [...there].filter(([tag, { key }]) => wanted.get(tag)?.key !== key);
      await Promise.all(leaving.map(([, { close }]) => close()));
      for (const [tag] of leaving) there.delete(tag);
      const removed = leaving.map(([tag]) => tag).filter((tag) => !wanted.has(tag));
      const unopened = [...failed].filter((tag) => !wanted.has(tag));
      for (const tag of [...removed, ...unopened]) onGone(tag);
      failed.clear();

      const coming = [...wanted].filter(([tag]) => !there.has(tag));
      const failures: unknown[] = [];
      for (const [tag, device] of coming) {
        try {
          there.set(tag, opened(device));
        } catch (error) {
          failures.push(error);
          failed.add(tag);
          onFailed(tag, error);
        }
      }
      if (failures.length > 0) throw failures[0];
      const tags = coming.map(([tag]) => tag);
      return {
        added: tags.filter((tag) => !before.has(tag)),
        changed: tags.filter((tag) => before.has(tag)),
        removed,
      };
    },
  };
}
