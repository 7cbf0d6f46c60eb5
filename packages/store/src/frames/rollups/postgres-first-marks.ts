import type { Pool } from "pg";
import { withinOneView, withinOrganisation } from "../../database.ts";
import { quarterMs } from "./blocks.ts";

/** Marks all the quarters of frames that an older version has stored, a device and layout at a time. */
export async function markUnmarked(pool: Pool, organisation: string): Promise<void> {
  const { rows } = await withinOrganisation(pool, organisation, (client) =>
    client.query<{ device: number; layout: number }>(
      "select device, layout from device_layout where not marked order by device, layout",
    ),
  );
  for (const { device, layout } of rows) {
    await withinOneView(pool, organisation, async (client) => {
      await client.query(
        `insert into stale_quarter (organisation, device, layout, quarter, round)
         select o.number, $1, $2, q.quarter, 0 from frame_organisation o,
                (select distinct (f.at / ${quarterMs})::int as quarter from frame f
                  where f.device = $1 and f.layout = $2
                  union
                 select generate_series(p.first / ${quarterMs}, p.last / ${quarterMs})::int
                   from packed_day p where p.device = $1 and p.layout = $2) q
             on conflict do nothing`,
        [device, layout],
      );
      await client.query(
        "update device_layout set marked = true where device = $1 and layout = $2",
        [device, layout],
      );
    });
  }
}
