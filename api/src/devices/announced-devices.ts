import type { Device, DeviceAnnouncement } from "@sunledger/model";
import type { Records } from "@sunledger/store";
import type { GatewayWord } from "./gateway-word.ts";

export type AnnouncedDevicesParts = {
  readonly records: Pick<Records, "deviceList" | "announcements">;
  readonly word: Pick<GatewayWord, "announcementOf">;
};

/** Lists devices with what is announced of them. */
export interface AnnouncedDevices {
  /** Those of one plant, or of all plants of the organisation. */
  of(organisation: string, plant?: string): Promise<readonly Device[]>;
}

/**
 * Announcements are long and the gateways' word has nearly all of them: the records' copy is read only
 * of devices that are not heard of, and once, for a new one is heard.
 */
export function announcedDevices({ records, word }: AnnouncedDevicesParts): AnnouncedDevices {
  const copies = new Map<string, DeviceAnnouncement>();

  return {
    async of(organisation, plant) {
      const devices = await records.deviceList(organisation, plant);
      const unheard = devices.filter((device) => word.announcementOf(device) === undefined);
      const wanted = unheard.filter(({ id }) => !copies.has(id)).map(({ id }) => id);
      const read = await records.announcements(organisation, wanted);
      for (const { id, gateway } of unheard) {
        const copy = read.get(id);
        // Of what no gateway polls no new announcement would be heard.
        if (copy && gateway !== undefined) copies.set(id, copy);
      }
      const missing = new Set(unheard.map(({ id }) => id));
      return devices.map((device) => {
        const { id } = device;
        const announcement = missing.has(id) ? (read.get(id) ?? copies.get(id)) : undefined;
        return announcement ? { ...device, announcement } : device;
      });
    },
  };
}
