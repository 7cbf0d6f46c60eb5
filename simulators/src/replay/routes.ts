import { type DeviceKind, DeviceTag } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import { ConfigError } from "@sunledger/runtime";
import { type ColumnRoute, columnRoute, filled, filledPoint } from "./column-route.ts";
import { noTag } from "./map-meaning.ts";
import { columnFaults, mapOutline } from "./map-outline.ts";
import type { ReplayMap, Target } from "./replay-map.ts";

/** Where the cells of one column go. */
export type Route = Pick<ColumnRoute<Target>, "target" | "parts"> & { readonly column: string };

/** The routes of a file's columns; refuses columns that the map names and the file lacks, and the reverse. */
export function routesOf(map: ReplayMap, columns: readonly string[]): Route[] {
  const problems = columnFaults(mapOutline(map), columns);
  if (problems.length > 0) throw new ConfigError(problems.join("; "));
  return [...new Set(columns)].flatMap((column) => {
    const route = columnRoute(map, column);
    return route ? [{ ...route, column }] : [];
  });
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

/** Where the cells of a row go, by column, or why they go nowhere. */
export type Places = ReadonlyMap<Route, Place | { readonly fault: string }>;

/** Throws when two columns lead to one point, of which one frame holds one value. */
export function placesOf(
  map: ReplayMap,
  routes: readonly Route[],
  row: Readonly<Record<string, string>>,
): Places {
  const columns = new Map<string, string>();
  const places = new Map<Route, Place | { readonly fault: string }>();
  for (const route of routes) {
    const place = placeOf(map, route, row);
    places.set(route, place);
    if ("fault" in place) continue;
    const where = `${place.point} of ${place.device}`;
    const other = columns.get(where);
    if (other !== undefined) {
      throw new ConfigError(`columns ${other} and ${route.column} both lead to ${where}`);
    }
    columns.set(where, route.column);
  }
  return places;
}

function placeOf(
  map: ReplayMap,
  { column, target, parts }: Route,
  row: Readonly<Record<string, string>>,
): Place | { readonly fault: string } {
  const all: Readonly<Record<string, string>> = { ...row, ...parts };
  const device = filled(target.device, all);
  const point = filledPoint(target.point, all);
  const kind = target.kind ?? map.device?.kind;
  // What makes a tag none stands in the row, where the row names its device.
  const from = Object.keys(row).length > 0 ? (map.device?.column ?? column) : column;
  if (!DeviceTag.safeParse(device).success) return { fault: `column ${from}: ${noTag(device)}` };
  if (!kind) return { fault: `column ${column}: device ${device} has no kind` };
  if (!cataloguePoint(point)) return { fault: `column ${column}: ${point} is no canonical point` };
  return { device, kind, point };
}
