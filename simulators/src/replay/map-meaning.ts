import { DeviceTag } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import type { MapOutline, TargetOutline } from "./map-outline.ts";

export type MapFault = { readonly path: (string | number)[]; readonly message: string };

type Placed = {
  readonly path: (string | number)[];
  readonly target: TargetOutline;
  /** Parts that the column's name gives. */
  readonly given: readonly string[];
};

/** Targets of what a map names, and what they mean though something else of it may be wrong. */
export function meaningFaults(map: MapOutline): MapFault[] {
  const placed = [
    ...Object.entries(map.columns).map(([column, target]) => {
      return { path: ["columns", column], target, given: [] };
    }),
    ...map.patterns.map((target, i) => {
      return { path: ["patterns", i], target, given: partsOf(target.match) };
    }),
  ];
  return [
    ...placed.flatMap((one) => {
      return targetFaults(map, one).map((message) => ({ path: one.path, message }));
    }),
    ...kindFaults(map, placed),
    ...deviceFaults(map),
    ...map.ignore
      .filter((column) => Object.hasOwn(map.columns, column))
      .map((column) => ({ path: ["ignore"], message: `column ${column} is mapped and ignored` })),
  ];
}

function targetFaults({ device: ofRow }: MapOutline, { target, given }: Placed): string[] {
  const { point, accumulate, device, kind } = target;
  const canonical = point === undefined ? undefined : cataloguePoint(filledWithOnes(point));
  const isUnknown = point !== undefined && !canonical;
  const isNoSum = accumulate && canonical !== undefined && canonical.kind !== "counter";
  const isKindless = kind === undefined && !(device === "{device}" && ofRow);
  const known = new Set([...given, ...(ofRow ? ["device", ...partsOf(ofRow.pattern ?? "")] : [])]);
  const named = [...`${device} ${point ?? ""}`.matchAll(/\{(\w+)\}/g)].map(
    ([, name]) => name ?? "",
  );
  const missing = [...new Set(named)].filter((name) => !known.has(name));
  return [
    ...(isUnknown ? [`${point} is no canonical point`] : []),
    ...(isNoSum ? [`${point} is no counter to add up into`] : []),
    ...(isKindless ? [`device ${device} has no kind`] : []),
    ...(DeviceTag.safeParse(filledWithOnes(device)).success ? [] : [noTag(device)]),
    ...missing.map((name) => `nothing gives the part {${name}}`),
  ];
}

/** Why a text names no device. */
export function noTag(device: string): string {
  return `${JSON.stringify(device)} is no device's tag`;
}

/** A device is of one kind, however many columns it has. */
function kindFaults(map: MapOutline, placed: readonly Placed[]): MapFault[] {
  const kinds = new Map<string, unknown>();
  return placed.flatMap(({ path, target: { device, kind = map.device?.kind } }) => {
    if (kind === undefined) return [];
    const before = kinds.get(device) ?? kind;
    kinds.set(device, before);
    if (before === kind) return [];
    return [{ path, message: `device ${device} is called ${before} and ${kind}` }];
  });
}

function deviceFaults({ device }: MapOutline): MapFault[] {
  if (device?.pattern === undefined || partsOf(device.pattern).length > 0) return [];
  const message = "the pattern names no part, such as (?<device>.+)";
  return [{ path: ["device", "pattern"], message }];
}

/** The names of the named parts of a regular expression. */
function partsOf(expression: string): string[] {
  return [...expression.matchAll(/\(\?<(\w+)/g)].map(([, name]) => name ?? "");
}

/** Parts of a pattern are numbers of channels: any will do to look the family up. */
function filledWithOnes(text: string): string {
  return text.replaceAll(/\{\w+\}/g, "1");
}
