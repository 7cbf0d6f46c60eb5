import type { Layout } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import type { PoolClient } from "pg";
import { compare } from "../frame-reading.ts";

/** A layout that a device ever used and whose frames are in the store of time series. */
export type SeriesPlace = {
  readonly device: string;
  readonly layout: string;
  /** All that it has, in its order. */
  readonly points: readonly string[];
  /** What is older was forgotten, Unix milliseconds. */
  readonly since: number;
};

/**
 * Whether frames of the layout are kept in the store of time series. Counters are read from PostgreSQL, on
 * which bills rest, in whatever lane they come (D-4).
 */
export function isInSeries({ lane, points }: Layout): boolean {
  return lane === "values" && !points.some((name) => cataloguePoint(name)?.kind === "counter");
}

type Row = Omit<SeriesPlace, "since"> & { readonly since: string };

/** Of these devices, or of all; ordered by device. Within a transaction that has entered the organisation. */
export async function seriesPlaces(
  client: PoolClient,
  devices?: readonly string[],
): Promise<readonly SeriesPlace[]> {
  const { rows } = await client.query<Row>(
    `select d.device, l.hash as layout, to_json(l.points) as points, u.forgotten as since
       from frame_device d
       join device_layout u on u.device = d.number
       join layout l on l.number = u.layout
      where ($1::uuid[] is null or d.device = any($1)) and l.lane = 'values'
      order by d.number, l.number`,
    [devices ?? null],
  );
  return rows
    .filter(({ points }) => isInSeries({ lane: "values", points: [...points] }))
    .map((row) => ({ ...row, since: Number(row.since) }))
    .sort((a, b) => compare(a.device, b.device));
}

/** Shows nobody any more what is older. Within a transaction that has entered the organisation. */
export async function hideBefore(
  client: PoolClient,
  places: readonly SeriesPlace[],
  before: number,
): Promise<void> {
  const named = [places.map(({ device }) => device), places.map(({ layout }) => layout)];
  // In the one order in which writers lock them (D-7).
  await client.query(
    `select from device_layout u
       join frame_device d on d.number = u.device
       join layout l on l.number = u.layout
       join unnest($1::uuid[], $2::text[]) w(device, layout)
         on d.device = w.device and l.hash = w.layout
      order by u.device, u.layout for update of u`,
    named,
  );
  await client.query(
    `update device_layout u set forgotten = $3::bigint
       from unnest($1::uuid[], $2::text[]) w(device, layout)
       join frame_device d on d.device = w.device
       join layout l on l.hash = w.layout
      where u.device = d.number and u.layout = l.number and u.forgotten < $3::bigint`,
    [...named, before],
  );
}
