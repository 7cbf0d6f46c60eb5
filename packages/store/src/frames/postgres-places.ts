import type { PoolClient } from "pg";
import { compare } from "./frame-reading.ts";

/** Where a point of a device stands: a layout of the device and the position in it, from 1. */
export type Place = {
  readonly id: string;
  readonly device: number;
  readonly layout: number;
  readonly point: string;
  readonly position: number;
};

/** Every place of the points in the layouts that the devices ever used. */
export async function placesOf(
  client: PoolClient,
  devices: readonly string[],
  points: readonly string[],
): Promise<readonly Place[]> {
  const { rows } = await client.query<Place>(
    `select d.device as id, d.number as device, l.number as layout, p.point,
            array_position(l.points, p.point) as position
       from frame_device d
       join device_layout u on u.device = d.number
       join layout l on l.number = u.layout and l.points && $2::text[]
       join unnest($2::text[]) p(point) on p.point = any(l.points)
      where d.device = any($1::uuid[])`,
    [devices, points],
  );
  return rows;
}

/** The names of all points in the layouts that a device ever used, in alphabetical order. */
export async function pointsOf(client: PoolClient, device: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ point: string }>(
    `select distinct unnest(l.points) as point
       from frame_device d
       join device_layout u on u.device = d.number
       join layout l on l.number = u.layout
      where d.device = $1::uuid`,
    [device],
  );
  return rows.map(({ point }) => point).sort(compare);
}
