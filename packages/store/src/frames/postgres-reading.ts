import type { PoolClient } from "pg";
import { readColumns, type ValueColumns } from "./columns.ts";
import { newest, pointValue } from "./frame-reading.ts";
import type { FrameStore, PointValue } from "./frame-store.ts";
import { exactCell, readCell } from "./postgres-cells.ts";
import type { Layouts } from "./postgres-layouts.ts";
import { lastPackedValues, newestPacked } from "./postgres-packed-reading.ts";
import { placesOf } from "./postgres-places.ts";

type FrameRow = ValueColumns & {
  readonly id: string;
  readonly hash: string;
  readonly at: string;
};

/** The newest frame of each layout of each device, by one step into the index each. */
export async function readLatest(
  client: PoolClient,
  layouts: Layouts,
  { devices, now, lookBackMs }: Parameters<FrameStore["latest"]>[0],
): Promise<readonly PointValue[]> {
  const since = lookBackMs === undefined ? 0 : now - lookBackMs;
  const { rows } = await client.query<FrameRow>(
    `select d.device as id, l.hash, f.at,
            f.gauges::text, f.counters::text, f.exact::text, encode(f.quality, 'hex') as quality
       from frame_device d
       join device_layout u on u.device = d.number
       join layout l on l.number = u.layout
      cross join lateral (
            select * from frame f
             where f.device = d.number and f.layout = u.layout
               and f.at >= $2::bigint and f.at <= $3::bigint
             order by f.at desc limit 1) f
      where d.device = any($1::uuid[])`,
    [devices, since, now],
  );
  const open = rows.map((row) => ({ ...row, at: Number(row.at), ...readColumns(row) }));
  const packed = await newestPacked(client, devices, since, now);
  const known = await layouts.all([...open, ...packed].map(({ hash }) => hash));
  return newest(
    [...open, ...packed].flatMap(({ id, hash, at, values, flagAt }) => {
      const points = known.get(hash)?.points ?? [];
      return points.map((point, i) => pointValue(id, point, at, values[i] ?? null, flagAt(i)));
    }),
  );
}

/** The last good value of a point, by one step into the index for each device and layout. */
export async function readValueAt(
  client: PoolClient,
  { devices, point, at, lookBackMs }: Parameters<FrameStore["valueAt"]>[0],
): Promise<readonly PointValue[]> {
  const places = await placesOf(client, devices, [point]);
  const { rows } = await client.query<{
    n: string;
    at: string;
    gauge: number | null;
    exact: string | null;
  }>(
    `select w.n, f.at, f.gauges[w.position] as gauge,
            ${exactCell} as exact
       from unnest($1::int[], $2::int[], $3::int[]) with ordinality w(device, layout, position, n)
      cross join lateral (
            select * from frame f
             where f.device = w.device and f.layout = w.layout
               and f.at >= $4::bigint and f.at <= $5::bigint
               and coalesce(f.gauges[w.position], f.counters[w.position]::float8,
                            f.exact[w.position]::float8) is not null
               and (f.quality is null or length(f.quality) <= w.position
                    or get_byte(f.quality, w.position) = 0)
             order by f.at desc limit 1) f`,
    [
      places.map(({ device }) => device),
      places.map(({ layout }) => layout),
      places.map(({ position }) => position),
      at - lookBackMs,
      at,
    ],
  );
  const open = rows.map(({ n, at, gauge, exact }) => ({
    place: places[Number(n) - 1] as (typeof places)[number],
    at: Number(at),
    value: readCell(gauge, exact),
  }));
  const foundAt = new Map(open.map(({ place, at }) => [place, at]));
  const wanted = places.map((place) => {
    return { place, since: foundAt.get(place) ?? at - lookBackMs, until: at };
  });
  const found = [...open, ...(await lastPackedValues(client, wanted))];
  return newest(
    found.map(({ place, at, value }) => pointValue(place.id, point, at, value, undefined)),
  );
}
