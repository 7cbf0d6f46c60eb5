import type { DeviceAnnouncement, DeviceKind } from "@sunledger/model";
import { decimalText } from "@sunledger/model/decimal";
import type { RegisterPoint } from "../modbus/register-point.ts";
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
            ...scaleOf(candidates[0]),
            ...(states && { states }),
            ...(commonStates?.size && { commonStates: Object.fromEntries(commonStates) }),
          },
    ),
  };
}

/** Canonical units a count, where the value is a count of a fixed size and nothing else. */
function scaleOf(register: RegisterPoint | undefined): { readonly scale?: number } {
  if (!register || register.type.startsWith("float")) return {};
  const isPlain =
    register.scaleRegister === undefined &&
    register.multiplyBy.length === 0 &&
    register.offset.digits === 0n &&
    register.scale.digits > 0n;
  return isPlain ? { scale: Number(decimalText(register.scale)) } : {};
}
