import type { AnnouncedPoint, Device, DeviceAnnouncement, Plant } from "@sunledger/model";
import type { Provision } from "@sunledger/store";

/** A plant with two inverters, a meter at the grid and a weather station, polled each 10 s. */
export function samplePlant(code: string): Provision["plants"][number] {
  return {
    plant: {
      ...{ code, name: { en: code }, timeZone: "Asia/Shanghai" },
      ...{ latitude: 36.8, longitude: 118.06, altitudeM: 30 },
      ...{ dcPowerW: 200_000, acPowerW: 180_000, gammaPerC: -0.0035 },
    } satisfies Omit<Plant, "id">,
    gateways: [{ id: `${code}-gw`, secretHash: "" }],
    devices: [
      sampleDevice(code, "INV-01", "inverter"),
      sampleDevice(code, "INV-02", "inverter"),
      { ...sampleDevice(code, "METER-01", "meter"), atGrid: true },
      sampleDevice(code, "MET-01", "sensor"),
    ],
  };
}

function sampleDevice(code: string, tag: string, kind: Device["kind"]) {
  const rated = kind === "inverter" ? { ratedDcW: 100_000, ratedAcW: 90_000 } : {};
  return { tag, kind, name: { en: tag }, gateway: `${code}-gw`, atGrid: false, ...rated };
}

const pointsOfKind: Readonly<Record<string, readonly AnnouncedPoint[]>> = {
  inverter: [
    announced("ac.power.active", "W"),
    { ...announced("ac.energy.export.total", "Wh"), kind: "counter", lane: "counters" },
  ],
  meter: [announced("ac.power.active", "W")],
  sensor: [announced("met.irradiance.poa", "W/m2")],
};

/** What the gateway says of such a device. */
export function sampleAnnouncement({ tag, kind }: Device, at: number): DeviceAnnouncement {
  return {
    ...{ v: 1, tag, at, kind, texts: { "id.serial": `SN-${tag}` } },
    profile: { id: "sunspec", version: "1" },
    points: [...(pointsOfKind[kind] ?? [])],
  };
}

function announced(name: string, unit: string): AnnouncedPoint {
  return { name, unit, kind: "gauge", lane: "values", everyMs: 10_000, source: `SunSpec ${name}` };
}
