import { type DeviceKind, DeviceTag } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import { ConfigError } from "@sunledger/runtime";
import { columnFaults, mapOutline } from "./map-outline.ts";
import type { ReplayMap, Target } from "./replay-map.ts";

/** Where the cells of one column go. */
export type Route = {
  readonly column: string;
  readonly target: Target;
  /** Named parts that the column's own name has filled in. */
  readonly parts: Readonly<Record<string, string>>;
};

/** The routes of a file's columns; refuses columns that the map names and the file lacks, and the reverse. */
export function routesOf(map: ReplayMap, columns: readonly string[]): Route[] {
  const problems = columnFaults(mapOutline(map), columns);
  if (problems.length > 0) throw new ConfigError(problems.join("; "));
  return columns.flatMap((column) => routesOfColumn(map, column));
}

function routesOfColumn(map: ReplayMap, column: string): Route[] {
  const target = map.columns[column];
  if (target) return [{ column, target, parts: {} }];
  for (const pattern of map.patterns) {
    const found = new RegExp(pattern.match).exec(column);
    if (found) return [{ column, target: pattern, parts: { ...found.groups } }];
  }
  return [];
}

/** The device a row speaks for, with the named parts of its name; `undefined` when it has none. */
export function rowDevice(
  map: ReplayMap,
  cells: ReadonlyMap<string, string>,
): Record<string, string> | undefined {
  if (!map.device) return {};
  const named = cells.get(map.device.column) ?? "";
  if (!map.device.pattern) return named === "" ? undefined : { device: named };
  const parts = new RegExp(map.device.pattern).exec(named)?.groups;
  return parts && { device: named, ...parts };
}

/** A target for one row: whose point a cell is. */
export type Place = {
  readonly device: string;
  readonly kind: DeviceKind;
  readonly point: string;
};

/** `undefined` when the names that come out are no tag or no canonical point. */
export function placeOf(
  map: ReplayMap,
  { target, parts }: Route,
  row: Readonly<Record<string, string>>,
): Place | undefined {
  const filled = (text: string) => {
    const all: Readonly<Record<string, string>> = { ...row, ...parts };
    return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => all[name] ?? whole);
  };
  const device = filled(target.device);
  const point = filled(target.point).replaceAll(/\.0+(\d)/g, ".$1");
  const kind = target.kind ?? map.device?.kind;
  if (!kind || !DeviceTag.safeParse(device).success || !cataloguePoint(point)) return undefined;
  return { device, kind, point };
}
