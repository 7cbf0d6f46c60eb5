import { type DeviceKind, latestInstant } from "@sunledger/model";
import { ConfigError } from "@sunledger/runtime";
import { csvTable } from "./csv-table.ts";
import { type ArrivingFrame, rowReader } from "./frames.ts";
import { nem12Table } from "./nem12-table.ts";
import type { Reading, ReplayMap } from "./replay-map.ts";
import { placesOf, type Route, routesOf, rowDevice } from "./routes.ts";
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

/** The columns of a file; absent where they cannot be read. */
export async function columnsOfFile(
  path: string,
  read: Reading,
): Promise<readonly string[] | undefined> {
  return tableOf(path, read, () => {}).then(
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
    for (const place of placesOf(map, routes, named).values()) {
      if ("fault" in place) continue;
      const { device, kind } = place;
      const before = found.get(device) ?? { tag: device, kind };
      if (before.kind !== kind) {
        throw new ConfigError(`the device ${device} is called ${before.kind} and ${kind}`);
      }
      found.set(device, before);
    }
  }
  return [...found.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

async function opened(
  path: string,
  map: ReplayMap,
  complain: Complain,
): Promise<{ table: Table; routes: Route[] }> {
  const table = await tableOf(path, map, complain);
  return { table, routes: routesOf(map, table.columns) };
}

function tableOf(path: string, { format, encoding }: Reading, complain: Complain): Promise<Table> {
  const read = format === "nem12" ? nem12Table : csvTable;
  return read(path, encoding ?? "utf-8", complain);
}
