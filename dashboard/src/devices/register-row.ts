import type { DeviceDetail, DevicePoint, Freshness, LatestValue } from "@sunledger/model";
import { isCurrent, judge } from "../live/freshness.ts";
import { keyOf, type RoomState } from "../live/room.ts";
import { type Moment, type Standing, standingOfPoint } from "../live/standing.ts";

/** One register of a device, as it stands. */
export type RegisterRow = {
  readonly point: DevicePoint;
  readonly label: string;
  readonly group: string;
  readonly standing: Omit<Standing, "unit" | "everyMs" | "coverage">;
};

/** The groups in the order an engineer looks for them. */
const groups = ["ac", "grid", "dc", "met", "battery", "load", "temp", "state", "setpoint", "id"];

type Sources = {
  readonly device: DeviceDetail;
  readonly latest: readonly LatestValue[];
  readonly room: RoomState | undefined;
  readonly moment: Moment;
  /** Of the device as a whole. */
  readonly state: Freshness;
  readonly label: (point: string) => string;
};

/**
 * Every register: live where the room has it, else as it was last read. None is fresher than its
 * device: what a silent device is asked for once a minute is as old as what it is asked for each second.
 */
export function registerRows({
  device,
  latest,
  room,
  moment,
  state,
  label,
}: Sources): RegisterRow[] {
  const silent = state === "stale" || state === "offline";
  const kept = new Map(latest.map((value) => [value.point, value]));
  const rows = device.points.map((point): RegisterRow => {
    const live = room?.points.get(keyOf(device.id, point.name));
    const own =
      room && live?.at ? standingOfPoint(room, live, moment) : keptOf(point, kept.get(point.name));
    const standing = silent && isCurrent(own.state) ? { ...own, state } : own;
    return { point, label: label(point.name), group: groupOf(point.name), standing };

    function keptOf(own: DevicePoint, value: LatestValue | undefined): RegisterRow["standing"] {
      const at = value?.at ?? null;
      const reach = room?.reach.get(device.id);
      const judged = judge({ at, everyMs: own.everyMs, reach, ...moment });
      return { value: value?.value ?? null, at, flag: value?.flag, state: judged };
    }
  });
  return rows.sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
}

/** Registers whose name, canonical name or source holds the text. */
export function found(rows: readonly RegisterRow[], text: string): readonly RegisterRow[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return rows;
  return rows.filter(({ label, point }) =>
    [label, point.name, point.source ?? ""].some((each) => each.toLowerCase().includes(wanted)),
  );
}

/** The group of a point: the first word of its name, where that is a group. */
export function groupOf(point: string): string {
  const [first = ""] = point.split(".");
  if (first === "rating" || first === "ratio") return "id";
  if (first === "event" || first === "alarm" || first === "fault" || first === "warning")
    return "state";
  return groups.includes(first) ? first : "state";
}
