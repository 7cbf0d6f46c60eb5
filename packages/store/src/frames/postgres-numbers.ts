import type { PoolClient } from "pg";
import { plainArray } from "./array-literal.ts";
import type { FrameBatch } from "./frame-store.ts";

/** The numbers by which rows name an organisation, its devices and the layouts. */
export type Numbers = {
  readonly organisation: number;
  /** Of the organisation: what is marked stale now bears it. */
  readonly round: number;
  of(frame: Pair): { readonly device: number; readonly layout: number };
};

export type Pair = { readonly device: string; readonly layout: string };

/** Each device of the batches with each layout it uses there, in one order for all writers (D-7). */
export function pairsOf(batches: readonly FrameBatch[]): readonly Pair[] {
  const pairs = new Map<string, Pair>();
  for (const { frames } of batches) {
    for (const { device, layout } of frames)
      pairs.set(nameOf({ device, layout }), { device, layout });
  }
  return [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
}

/**
 * Looks the numbers up, or says by `undefined` that some are not given yet. Asked anew in each
 * transaction: a restored database may have given other numbers (D-15).
 */
export async function findNumbers(
  client: PoolClient,
  organisation: string,
  pairs: readonly Pair[],
): Promise<Numbers | undefined> {
  const { rows } = await client.query<
    [number | null, number | null, number | null, boolean, round: number | null]
  >({
    rowMode: "array",
    text: `select o.number, d.number, l.number, u.device is not null, o.round
       from unnest($2::uuid[], $3::text[]) with ordinality w(device, layout, n)
       left join frame_organisation o on o.organisation = $1
       left join frame_device d on d.organisation = $1 and d.device = w.device
       left join layout l on l.hash = w.layout
       left join device_layout u on u.device = d.number and u.layout = l.number
      order by w.n`,
    values: [
      organisation,
      plainArray(pairs.map(({ device }) => device)),
      plainArray(pairs.map(({ layout }) => layout)),
    ],
  });
  const found = new Map<string, { device: number; layout: number }>();
  let [number, round] = [0, 0];
  for (const [i, pair] of pairs.entries()) {
    const [owner, device, layout, used, roundNow] = rows[i] ?? [];
    if (!owner || !device || !layout || !used || !roundNow) return undefined;
    [number, round] = [owner, roundNow];
    found.set(nameOf(pair), { device, layout });
  }
  return {
    ...{ organisation: number, round },
    of(frame) {
      const numbers = found.get(nameOf(frame));
      if (!numbers) throw new Error(`no numbers were looked up for device ${frame.device}`);
      return numbers;
    },
  };
}

/** Gives the numbers that are missing. Their layouts are there. */
export async function giveNumbers(
  client: PoolClient,
  organisation: string,
  pairs: readonly Pair[],
): Promise<void> {
  if (pairs.length === 0) return;
  const devices = plainArray(new Set(pairs.map(({ device }) => device)));
  await client.query(
    "insert into frame_organisation (organisation) values ($1) on conflict do nothing",
    [organisation],
  );
  await client.query(
    `insert into frame_device (organisation, device)
     select $1, w.device from unnest($2::uuid[]) w(device)
      where not exists (select from frame_device d where d.organisation = $1 and d.device = w.device)
         on conflict do nothing`,
    [organisation, devices],
  );
  await client.query(
    `insert into device_layout (organisation, device, layout)
     select $1, d.number, l.number from unnest($2::uuid[], $3::text[]) w(device, layout)
       join frame_device d on d.organisation = $1 and d.device = w.device
       join layout l on l.hash = w.layout
         on conflict do nothing`,
    [
      organisation,
      plainArray(pairs.map(({ device }) => device)),
      plainArray(pairs.map(({ layout }) => layout)),
    ],
  );
}

function nameOf({ device, layout }: Pair): string {
  return `${device}/${layout}`;
}
