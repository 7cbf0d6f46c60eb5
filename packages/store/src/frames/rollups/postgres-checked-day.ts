import type { Pool } from "pg";
import { readOrganisation, withinOrganisation } from "../../database.ts";

/** The day of UTC, counted from 1970, at which the organisation's roll-ups were checked last. */
export function checkedDay(pool: Pool, organisation: string): Promise<number | undefined> {
  return readOrganisation(pool, organisation, async (client) => {
    const { rows } = await client.query<{ day: number | null }>(
      "select checked_day as day from frame_organisation",
    );
    return rows[0]?.day ?? undefined;
  });
}

export function keepCheckedDay(pool: Pool, organisation: string, day: number): Promise<void> {
  return withinOrganisation(pool, organisation, async (client) => {
    await client.query("update frame_organisation set checked_day = $1", [day]);
  });
}
