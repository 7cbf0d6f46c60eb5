import { randomUUID } from "node:crypto";
import type { Device } from "@sunledger/model";
import type { Database } from "../database.ts";
import { postgresRecords } from "../records/postgres-records.ts";

/** Two organisations, the first with a plant, a gateway and a device INV-01 that was announced. */
export async function sampleHouse(database: Database) {
  const records = postgresRecords(database);
  const own = await records.organisation(`Own ${randomUUID()}`);
  const other = await records.organisation(`Other ${randomUUID()}`);
  const gateway = `gw-${randomUUID()}`;
  const plant = {
    ...{ code: "roof", name: { en: "Roof" }, timeZone: "UTC", latitude: 0, longitude: 0 },
    ...{ altitudeM: 0, dcPowerW: 1, acPowerW: 1, gammaPerC: 0 },
  };
  const inverter = { tag: "INV-01", kind: "inverter", name: { en: "One" }, atGrid: false } as const;
  await records.provision({
    organisation: own,
    plants: [
      { plant, gateways: [{ id: gateway, secretHash: "" }], devices: [{ ...inverter, gateway }] },
    ],
  });
  const [device] = await records.devices(own);
  if (!device) throw new Error("no device");
  await records.keepAnnouncement(own, device.id, {
    ...{ v: 1, tag: "INV-01", at: 1, kind: "inverter", texts: {}, points: [] },
    profile: { id: "sunspec", version: "1" },
  });
  const devices = (): Promise<readonly Device[]> => records.devices(own);
  return { own, other, gateway, device: device.id, plant: device.plant, devices };
}
