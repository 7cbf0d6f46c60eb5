import type { DeviceAnnouncement } from "@sunledger/model";
import type { PointReader } from "../modbus/point-reader.ts";
import { type AnnouncedDevice, announcementOf } from "./device-announcement.ts";
import { pollClasses } from "./poll-class.ts";
import type { PolledPoint } from "./polled-point.ts";

/** What a device says of itself, as it was last said. */
export interface AnnouncementKeeper {
  /** Absent until the device was reached once. */
  last(): DeviceAnnouncement | undefined;
  /** What a poll showed at that time. */
  note(shown: Shown, at: number): void;
}

type Shown = Pick<AnnouncedDevice, "kind" | "points" | "texts"> & { readonly reader: PointReader };

type AnnouncementKeeperParts = Pick<AnnouncedDevice, "tag" | "profile" | "everyMs">;

export function announcementKeeper(parts: AnnouncementKeeperParts): AnnouncementKeeper {
  let announcement: DeviceAnnouncement | undefined;
  /** What the announcement was made of. */
  let announced: readonly unknown[] = [];

  return {
    last: () => announcement,

    note({ kind, points, reader, texts }, at) {
      // Nearly every poll says the same again: that is seen without putting it into words.
      const intervals = pollClasses.map(parts.everyMs);
      const content = [kind, points, reader, reader.learnt(), ...intervals, ...texts.values()];
      if (content.length === announced.length && content.every((one, i) => one === announced[i])) {
        return;
      }
      announced = content;
      const isThere = ({ candidates }: PolledPoint) =>
        candidates.some((c) => !reader.missing.has(c));
      const there = reader.missing.size === 0 ? points : points.filter(isThere);
      const said = announcementOf({ ...parts, kind, texts, points: there });
      const isSame =
        JSON.stringify({ ...said, at: announcement?.at }) === JSON.stringify(announcement);
      if (!isSame) announcement = { ...said, at };
    },
  };
}
