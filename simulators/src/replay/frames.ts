import type { Flag, Lane, Layout, Quality } from "@sunledger/model";
import { type CataloguePoint, cataloguePoint } from "@sunledger/model/points";
import type { UnsentFrame } from "../sender/frame-sender.ts";
import { type Cell, cellReader } from "./cells.ts";
import type { ReplayMap } from "./replay-map.ts";
import { type Place, placesOf, type Route, rowDevice } from "./routes.ts";
import { type Horizon, rowTimes } from "./row-times.ts";
import type { Complain, TableRow } from "./table.ts";

/** A frame and when it reached the server, Unix milliseconds. */
export type ArrivingFrame = { readonly arrival: number; readonly frame: UnsentFrame };

type PointCell = Cell & { readonly point: string };
type Lanes = Record<Lane, PointCell[]>;

/** Turns rows into frames: one for each device and lane of a row that has a value. */
export function rowReader(
  map: ReplayMap,
  routes: readonly Route[],
  complain: Complain,
  horizon: Horizon,
): (row: TableRow) => ArrivingFrame[] {
  const timesOf = rowTimes(map, complain, horizon);
  const cellOf = cellReader(complain);
  const layoutOf = layoutBook();
  const placesOfRow = placeBook(map, routes);

  const devicesOf = (row: TableRow, named: Readonly<Record<string, string>>) => {
    const devices = new Map<string, Lanes>();
    const faults = new Set<string>();
    for (const [route, where] of placesOfRow(named)) {
      if (!row.cells.has(route.column)) continue;
      if ("fault" in where) {
        faults.add(where.fault);
        continue;
      }
      const { device, name, point } = where;
      const cell = cellOf(row, route.column, route.target, point, `${device} ${name}`);
      const lanes = devices.get(device) ?? { counters: [], values: [] };
      lanes[point.kind === "counter" ? "counters" : "values"].push({ point: name, ...cell });
      devices.set(device, lanes);
    }
    for (const fault of faults) complain(row.line, fault);
    return devices;
  };

  return (row) => {
    const named = rowDevice(map, row.cells);
    if (!named) {
      complain(row.line, `column ${map.device?.column}: it names no device`);
      return [];
    }
    const times = timesOf(row, named.device ?? "");
    if (!times) return [];
    return [...devicesOf(row, named)].flatMap(([device, lanes]) =>
      (["counters", "values"] as const)
        .filter((lane) => lanes[lane].some(({ value }) => value !== null))
        .map((lane) => {
          const layout = layoutOf(lane, lanes[lane]);
          return { arrival: times.arrival, frame: frameOf(device, layout, times.at, lanes[lane]) };
        }),
    );
  };
}

function frameOf(
  device: string,
  layout: Layout,
  at: number,
  cells: readonly PointCell[],
): UnsentFrame {
  const flagged = cells.flatMap(({ flag }, place): [number, Flag][] =>
    flag ? [[place, flag]] : [],
  );
  const values = cells.map(({ value }) => value);
  const quality: Quality = Object.fromEntries(flagged);
  return { device, layout, at, values, ...(flagged.length > 0 && { quality }) };
}

type Where = { readonly device: string; readonly name: string; readonly point: CataloguePoint };
type Wheres = readonly (readonly [Route, Where | { readonly fault: string }])[];

/** Where the cells of a row go, looked up once for each device that a row can name. */
function placeBook(
  map: ReplayMap,
  routes: readonly Route[],
): (named: Readonly<Record<string, string>>) => Wheres {
  const known = new Map<string, Wheres>();
  return (named) => {
    const key = Object.values(named).join("\n");
    const before = known.get(key);
    if (before) return before;
    const wheres = [...placesOf(map, routes, named)].map(([route, place]) => {
      return [route, whereOf(place)] as const;
    });
    known.set(key, wheres);
    return wheres;
  };
}

function whereOf(place: Place | { readonly fault: string }): Where | { readonly fault: string } {
  if ("fault" in place) return place;
  const point = cataloguePoint(place.point);
  if (!point) return { fault: `${place.point} is no canonical point` };
  return { device: place.device, name: place.point, point };
}

/** One object for each set of points, however many rows have it. */
function layoutBook(): (lane: Lane, cells: readonly PointCell[]) => Layout {
  const known = new Map<string, Layout>();
  return (lane, cells) => {
    const points = cells.map(({ point }) => point);
    const key = `${lane} ${points.join(" ")}`;
    const layout = known.get(key) ?? { lane, points };
    known.set(key, layout);
    return layout;
  };
}
