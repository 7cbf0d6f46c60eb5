import type { PoolClient } from "pg";
import { plainArray } from "../array-literal.ts";
import type { Place } from "../postgres-places.ts";
import { quarterMs } from "./blocks.ts";
import { joinStretches, type Stretch } from "./stretches.ts";

/** A device and one of its layouts, by their numbers. */
export type Scan = Pick<Place, "device" | "layout">;

export function scanName({ device, layout }: Scan): string {
  return `${device}/${layout}`;
}

/** The quarter of an hour, counted from 1970, that an instant is in. */
export function quarterOf(at: number): number {
  return Math.floor(at / quarterMs);
}

type Stored = Scan & { readonly at: number };

/**
 * Marks the quarters that frames were stored in, in their transaction. What is marked in this round is left as it
 * is: a look into an index. Marked in one order by all writers (D-7).
 */
export async function markStale(
  client: PoolClient,
  { organisation, round }: { readonly organisation: number; readonly round: number },
  frames: Iterable<Stored>,
): Promise<void> {
  const marks = new Map<string, readonly [device: number, layout: number, quarter: number]>();
  for (const { device, layout, at } of frames) {
    const quarter = quarterOf(at);
    marks.set(`${device}/${layout}/${quarter}`, [device, layout, quarter]);
  }
  const ordered = [...marks.values()].sort(([a, b, c], [d, e, f]) => a - d || b - e || c - f);
  if (ordered.length === 0) return;
  await client.query(
    `insert into stale_quarter (organisation, device, layout, quarter, round)
     select $1, w.device, w.layout, w.quarter, $2
       from unnest($3::int[], $4::int[], $5::int[]) w(device, layout, quarter)
         on conflict do nothing`,
    [
      ...[organisation, round],
      plainArray(ordered.map(([device]) => device)),
      plainArray(ordered.map(([, layout]) => layout)),
      plainArray(ordered.map(([, , quarter]) => quarter)),
    ],
  );
}

/** What the roll-ups of a scan do not hold of the window, by `scanName`; a scan without any is absent. */
export async function staleStretches(
  client: PoolClient,
  scans: readonly Scan[],
  window: Stretch,
): Promise<ReadonlyMap<string, readonly Stretch[]>> {
  const { rows } = await client.query<[device: number, layout: number, quarter: number | null]>({
    rowMode: "array",
    text: `select distinct w.device, w.layout, s.quarter
             from unnest($1::int[], $2::int[]) w(device, layout)
             join stale_quarter s on s.device = w.device and s.layout = w.layout
              and s.quarter between $3::int and $4::int
            union all
           select w.device, w.layout, null
             from unnest($1::int[], $2::int[]) w(device, layout)
             join device_layout u on u.device = w.device and u.layout = w.layout and not u.marked`,
    values: [
      scans.map(({ device }) => device),
      scans.map(({ layout }) => layout),
      Math.max(0, quarterOf(window.from)),
      Math.min(2 ** 31 - 1, quarterOf(window.to - 1)),
    ],
  });
  const found = Map.groupBy(rows, ([device, layout]) => scanName({ device, layout }));
  return new Map(
    [...found].map(([name, own]) => [
      name,
      own.some(([, , quarter]) => quarter === null)
        ? [window]
        : joinStretches(own.map(([, , quarter]) => stretchOfQuarter(quarter as number))),
    ]),
  );
}

export function stretchOfQuarter(quarter: number): Stretch {
  return { from: quarter * quarterMs, to: (quarter + 1) * quarterMs };
}
