import type { Plant } from "@sunledger/model";
import { eq, sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import { device } from "./schema.ts";

type Power = Pick<Plant, "dcPowerW" | "acPowerW">;

/** The power of the inverters of each plant, as far as each of them is rated: nobody adds it up by hand. */
export async function ratedPlants(
  db: NodePgDatabase,
): Promise<ReadonlyMap<string, Partial<Power>>> {
  const rows = await db
    .select({
      plant: device.plant,
      dcPowerW: allOf(device.ratedDcW),
      acPowerW: allOf(device.ratedAcW),
    })
    .from(device)
    .where(eq(device.kind, "inverter"))
    .groupBy(device.plant);
  return new Map(
    rows.map(({ plant, dcPowerW, acPowerW }) => [
      plant,
      { ...(dcPowerW !== null && { dcPowerW }), ...(acPowerW !== null && { acPowerW }) },
    ]),
  );
}

function allOf(rated: typeof device.ratedAcW | typeof device.ratedDcW) {
  return sql<number | null>`case when count(*) = count(${rated}) then sum(${rated}) end`;
}
