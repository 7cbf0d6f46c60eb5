import { type DeviceKind, latestInstant } from "@sunledger/model";
import { csvTable } from "./csv-table.ts";
import { type ArrivingFrame, rowReader } from "./frames.ts";
import { nem12Table } from "./nem12-table.ts";
import type { ReplayMap } from "./replay-map.ts";
import { placeOf, type Route, routesOf, rowDevice } from "./routes.ts";
import type { Horizon } from "./row-times.ts";
import type { Complain, Table } from "./table.ts";

/** A device that a file speaks of. */
export type NeededDevice = { readonly tag: string; readonly kind: DeviceKind };

/** The frames of a file: in its own order, or by arrival where the map names that. */
export async function* framesOfFile(
  path: string,
  map: ReplayMap,
  complain: Complain,
  horizon: Horizon = () => latestInstant,
): AsyncGenerator<ArrivingFrame> {
  const { table, routes } = await opened(path, map, complain);
  const read = rowReader(map, routes, complain, horizon);
  if (!map.arrival) {
    for await (const row of table.rows) yield* read(row);
    return;
  }
  const frames: ArrivingFrame[] = [];
  for await (const row of table.rows) frames.push(...read(row));
  yield* frames.sort((a, b) => a.arrival - b.arrival);
}

/** The columns of a CSV file; absent where its first line cannot be read. */
export async function columnsOfFile(path: string): Promise<readonly string[] | undefined> {
  return csvTable(path, () => {}).then(
    ({ columns }) => columns,
    () => undefined,
  );
}

/** The devices that a file speaks of, by tag. */
export async function devicesOfFile(path: string, map: ReplayMap): Promise<NeededDevice[]> {
  const { table, routes } = await opened(path, map, () => {});
  const found = new Map<string, NeededDevice>();
  const seen = new Set<string>();
  for await (const row of table.rows) {
    const named = rowDevice(map, row.cells);
    const key = named?.device ?? "";
    if (!named || seen.has(key)) continue;
    seen.add(key);
    for (const { device, kind } of placesOf(map, routes, named)) {
      found.set(device, { tag: device, kind });
    }
  }
  return [...found.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

function placesOf(map: ReplayMap, routes: readonly Route[], named: Record<string, string>) {
  return routes.flatMap((route) => placeOf(map, route, named) ?? []);
}

async function opened(
  path: string,
  map: ReplayMap,
  complain: Complain,
): Promise<{ table: Table; routes: Route[] }> {
  const table =
    map.format === "nem12" ? await nem12Table(path, complain) : await csvTable(path, complain);
  return { table, routes: routesOf(map, table.columns) };
}
