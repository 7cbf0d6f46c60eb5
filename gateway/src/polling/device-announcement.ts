import type { DeviceAnnouncement, DeviceKind } from "@sunledger/model";
import { decimalText } from "@sunledger/model/decimal";
import type { RegisterPoint } from "../modbus/register-point.ts";
import type { KnownProfile } from "../profiles/load-profiles.ts";
import { type PollClass, pollClasses } from "./poll-class.ts";
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
    points: announcedPoints(points, everyMs),
  };
}

type Points = DeviceAnnouncement["points"];

const known = new WeakMap<readonly PolledPoint[], Map<string, Points>>();

/** The same words for all devices with the same points, polled as often. */
function announcedPoints(
  points: readonly PolledPoint[],
  everyMs: AnnouncedDevice["everyMs"],
): Points {
  const lists = known.get(points) ?? new Map<string, Points>();
  known.set(points, lists);
  const key = pollClasses.map(everyMs).join();
  const said = lists.get(key) ?? points.flatMap((point) => announcedPoint(point, everyMs));
  lists.set(key, said);
  return said;
}

function announcedPoint(
  { lane, name, unit, kind, poll, candidates: [register], ...words }: PolledPoint,
  everyMs: AnnouncedDevice["everyMs"],
): Points {
  if (lane === "text") return [];
  return [
    {
      ...{ name, unit, kind, lane, everyMs: everyMs(poll) },
      ...(register && { source: register.source.slice(0, 120) }),
      ...scaleOf(register),
      ...announcedWords(words),
    },
  ];
}

/** What the point's codes and bits mean, as far as its profile says. */
function announcedWords({
  states,
  commonStates,
  severities,
  bits,
}: Pick<PolledPoint, "states" | "commonStates" | "severities" | "bits">) {
  return {
    ...(states && { states }),
    ...(commonStates?.size && { commonStates: Object.fromEntries(commonStates) }),
    ...(severities && Object.keys(severities).length > 0 && { severities }),
    ...(bits && { bits }),
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
