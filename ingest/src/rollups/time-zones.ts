import type { Records } from "@sunledger/store";

export type TimeZones = (organisation: string) => Promise<ReadonlyMap<string, string>>;

/** The time zones of an organisation's devices, by device id: those of their plants. */
export function timeZonesOf(records: Pick<Records, "plants" | "deviceList">): TimeZones {
  return async (organisation) => {
    const [plants, devices] = await Promise.all([
      records.plants(organisation),
      records.deviceList(organisation),
    ]);
    const zones = new Map(plants.map(({ id, timeZone }) => [id, timeZone]));
    return new Map(devices.map(({ id, plant }) => [id, zones.get(plant) ?? "UTC"]));
  };
}
