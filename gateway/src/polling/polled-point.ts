import type { AnnouncedPoint, Lane } from "@sunledger/model";
import { type CataloguePoint, cataloguePoint } from "@sunledger/model/points";
import type { DeviceProfile } from "@sunledger/model/profile";
import type { FoundPoint, RegisterPoint } from "../modbus/register-point.ts";
import { factorsOf } from "../profiles/addressed-points.ts";
import { type CodeWords, codeWords } from "./code-tables.ts";
import type { DeviceConfig } from "./device-config.ts";
import type { PollClass } from "./poll-class.ts";

/** One point of a frame or announcement, and the registers it may come from. */
export type PolledPoint = {
  readonly name: string;
  readonly unit: string;
  readonly kind: CataloguePoint["kind"];
  /** Texts travel in the announcement, not in frames. */
  readonly lane: Lane | "text";
  readonly poll: PollClass;
  /** The preferred one first. */
  readonly candidates: readonly RegisterPoint[];
  /** What each bit of the value means, where the profile has a table. */
  readonly bits?: NonNullable<AnnouncedPoint["bits"]>;
} & Partial<CodeWords>;

/** By what was found, and what is chosen of it. */
const known = new WeakMap<readonly FoundPoint[], Map<string, readonly PolledPoint[]>>();

/**
 * The points of a device that are polled, each name once, in the profile's order. The same list for all
 * devices where the same was found and chosen: a thousand of a kind would else fill the memory.
 */
export function polledPoints(
  found: readonly FoundPoint[],
  profile: DeviceProfile,
  choice: DeviceConfig["points"],
): readonly PolledPoint[] {
  const lists = known.get(found) ?? new Map<string, readonly PolledPoint[]>();
  known.set(found, lists);
  const key = JSON.stringify(choice ?? {});
  const points = lists.get(key) ?? pointsOf(found, profile, choice);
  lists.set(key, points);
  return points;
}

function pointsOf(
  found: readonly FoundPoint[],
  profile: DeviceProfile,
  choice: DeviceConfig["points"],
): PolledPoint[] {
  const readable = found.filter(({ point }) => point.poll !== "never" && point.access !== "w");
  const chosen = readable.filter(({ point }) => isChosen(point.name, choice));
  // What is left of a meter's values still needs its transformer ratios.
  const factors = new Set(chosen.flatMap(({ register }) => register.multiplyBy));
  const byName = new Map<string, FoundPoint[]>();
  for (const entry of readable) {
    const { name } = entry.point;
    if (!chosen.includes(entry) && !factors.has(name)) continue;
    byName.set(name, [...(byName.get(name) ?? []), entry]);
  }
  return [...byName.values()].flatMap((entries) => polledPoint(entries, profile) ?? []);
}

function polledPoint(
  entries: readonly FoundPoint[],
  profile: DeviceProfile,
): PolledPoint | undefined {
  const preferred = entries.filter(({ point }) => point.prefer === true);
  const ordered = [...preferred, ...entries.filter((entry) => !preferred.includes(entry))];
  const [first] = ordered;
  const entry = first && cataloguePoint(first.point.name);
  if (!first || !entry || first.point.poll === "never") return;
  const table = tableOf(first, profile);
  const bits = profile.bitfields?.[first.point.bits ?? ""];
  return {
    name: first.point.name,
    unit: entry.unit,
    kind: entry.kind,
    lane: laneOf(first, entry),
    poll: pollOf(first.point.name, first.point.poll, profile),
    candidates: ordered.map(({ register }) => register),
    ...(table && codeWords(table)),
    ...(bits && { bits }),
  };
}

/** A ratio that is set or corrected later makes all that it is multiplied into wrong until it is read again. */
function pollOf(name: string, poll: PollClass, profile: DeviceProfile): PollClass {
  return poll === "once" && factorsOf(profile).has(name) ? "slow" : poll;
}

function laneOf({ register }: FoundPoint, { kind }: CataloguePoint): PolledPoint["lane"] {
  if (kind === "text" || register.type === "string") return "text";
  return kind === "counter" ? "counters" : "values";
}

function tableOf({ point, model }: FoundPoint, { enums = {} }: DeviceProfile) {
  return enums[point.enumByModel?.[String(model)] ?? point.enum ?? ""];
}

/** Whether the installation wants the point of that name. */
export function isChosen(name: string, choice: DeviceConfig["points"]): boolean {
  const { include, exclude = [] } = choice ?? {};
  if (exclude.some((pattern) => fitsPattern(name, pattern))) return false;
  return include === undefined || include.some((pattern) => fitsPattern(name, pattern));
}

/** Whether a name is the one meant; a trailing `*` stands for any rest. */
export function fitsPattern(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
