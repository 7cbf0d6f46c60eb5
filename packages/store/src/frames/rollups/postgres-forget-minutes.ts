import { type Database, withinOrganisation } from "../../database.ts";
import { widthCode } from "./blocks.ts";

/** Deletes the roll-ups of minutes from before an instant, a row an hour; answers how many rows that were. */
export function forgetMinutes(
  { pool }: Pick<Database, "pool">,
  { organisation, before }: { readonly organisation: string; readonly before: number },
): Promise<number> {
  return withinOrganisation(pool, organisation, async (client) => {
    const { rowCount } = await client.query(
      `delete from rollup r using device_layout u
        where r.device = u.device and r.layout = u.layout
          and r.width = $1 and r.start < $2::bigint and r.until <= $2::bigint`,
      [widthCode.minute, before],
    );
    return rowCount ?? 0;
  });
}
