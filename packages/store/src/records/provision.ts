import { randomUUIDv7 } from "node:crypto";
import { Device, GatewayId, Plant } from "@sunledger/model";
import { sql } from "drizzle-orm";
import type { NodePgDatabase } from "drizzle-orm/node-postgres";
import type { Provision } from "./records.ts";
import { device, gateway, plant } from "./schema.ts";

type WantedPlant = Provision["plants"][number];

const PlantToBe = Plant.omit({ id: true });
const DeviceToBe = Device.omit({ id: true, plant: true, announcement: true });

/**
 * Makes what is absent and brings what is there to what is wanted, but for ratings, which people change;
 * takes nothing away. Throws before
 * anything is written when a value could not be read again: one bad row would hide all others.
 */
export async function provision(db: NodePgDatabase, wanted: Provision): Promise<void> {
  for (const { plant, gateways, devices } of wanted.plants) {
    PlantToBe.parse(plant);
    for (const { id } of gateways) GatewayId.parse(id);
    for (const one of devices) DeviceToBe.parse(one);
  }
  for (const each of wanted.plants) {
    const id = await providePlant(db, wanted.organisation, each.plant);
    await provideGateways(db, wanted.organisation, id, each.gateways);
    await provideDevices(db, wanted.organisation, id, each.devices);
  }
}

async function providePlant(
  db: NodePgDatabase,
  organisation: string,
  values: WantedPlant["plant"],
): Promise<string> {
  const [row] = await db
    .insert(plant)
    .values({ ...values, id: randomUUIDv7(), organisation })
    .onConflictDoUpdate({ target: [plant.organisation, plant.code], set: { ...values } })
    .returning({ id: plant.id });
  return (row as { id: string }).id;
}

async function provideGateways(
  db: NodePgDatabase,
  organisation: string,
  ofPlant: string,
  gateways: WantedPlant["gateways"],
): Promise<void> {
  for (const { id, secretHash } of gateways) {
    const { rows } = await db.execute<{ owner: string | null }>(
      sql`select organisation_of_gateway(${id}) as owner`,
    );
    const owner = rows[0]?.owner;
    if (owner && owner !== organisation) {
      throw new Error(`the gateway ${id} belongs to another organisation`);
    }
    const { rowCount } = await db
      .insert(gateway)
      .values({ id, organisation, plant: ofPlant, secretHash })
      .onConflictDoUpdate({
        target: gateway.id,
        set: { secretHash },
        setWhere: sql`${gateway.plant} = ${ofPlant}`,
      });
    if (rowCount === 0) throw new Error(`the gateway ${id} belongs to another plant`);
  }
}

async function provideDevices(
  db: NodePgDatabase,
  organisation: string,
  ofPlant: string,
  devices: WantedPlant["devices"],
): Promise<void> {
  for (const { tag, ratedDcW, ratedAcW, ...rest } of devices) {
    const values = { gateway: null, ...rest };
    const rating = { ratedDcW: ratedDcW ?? null, ratedAcW: ratedAcW ?? null };
    await db
      .insert(device)
      .values({ ...values, ...rating, tag, id: randomUUIDv7(), organisation, plant: ofPlant })
      .onConflictDoUpdate({ target: [device.plant, device.tag], set: values });
  }
}
