import type { DeviceAnnouncement, DeviceKind } from "@sunledger/model";
import type { KnownProfile } from "../profiles/load-profiles.ts";
import type { PollClass } from "./poll-class.ts";
import type { PolledPoint } from "./polled-point.ts";

export type AnnouncedDevice = {
  readonly tag: string;
  readonly kind: DeviceKind;
  readonly profile: KnownProfile;
  readonly texts: ReadonlyMap<string, string>;
  readonly points: readonly PolledPoint[];
  readonly everyMs: (pollClass: PollClass) => number;
};

/** What a gateway tells of a device, all but the time. */
export function announcementOf(device: AnnouncedDevice): Omit<DeviceAnnouncement, "at"> {
  const { tag, kind, profile, texts, points, everyMs } = device;
  return {
    v: 1,
    tag,
    profile: { id: profile.id, version: profile.version },
    kind,
    texts: Object.fromEntries(texts),
    points: points.flatMap(({ lane, name, unit, kind, poll, candidates, states, commonStates }) =>
      lane === "text"
        ? []
        : {
            name,
            unit,
            kind,
            lane,
            everyMs: everyMs(poll),
            ...(candidates[0] && { source: candidates[0].source.slice(0, 120) }),
            ...(states && { states }),
            ...(commonStates?.size && { commonStates: Object.fromEntries(commonStates) }),
          },
    ),
  };
}
