import { createHash } from "node:crypto";
import type { Provision } from "@sunledger/store";

/** A small plant of the fault suite, and the gateway that polls it. */
export type FaultPlant = {
  readonly code: string;
  readonly gateway: string;
  readonly devices: readonly FaultDevice[];
};
type FaultDevice = {
  readonly tag: string;
  readonly kind: "inverter" | "meter" | "sensor";
  readonly profile: string;
  readonly atGrid?: true;
  readonly ratedDcW?: number;
  readonly ratedAcW?: number;
};

const inverter = { kind: "inverter", ratedDcW: 60_000, ratedAcW: 50_000 } as const;
const meter = { kind: "meter", atGrid: true } as const;

/** Maps that announce themselves, and registers of a maker. */
export const faultPlants: readonly FaultPlant[] = [
  {
    code: "north",
    gateway: "north-gw",
    devices: [
      { tag: "INV-01", profile: "sunspec", ...inverter },
      { tag: "INV-02", profile: "sunspec", ...inverter },
      { tag: "METER-01", profile: "sunspec", ...meter },
      { tag: "MET-01", kind: "sensor", profile: "sunspec" },
    ],
  },
  {
    code: "south",
    gateway: "south-gw",
    devices: [
      { tag: "INV-01", profile: "huawei-sun2000", ...inverter },
      { tag: "INV-02", profile: "huawei-sun2000", ...inverter },
      { tag: "METER-01", profile: "eastron-sdm630", ...meter },
    ],
  },
];

/** A plant that no simulator serves: what the peer says is all that is known of it. */
export const peerPlant = {
  ...{ code: "peer", gateway: "peer-gw", device: "INV-01" },
  /** A gateway of nothing but broken packets. */
  vandal: "vandal-gw",
} as const;

type Place = { readonly latitude: number; readonly longitude: number };

/** Where it is noon now: values that stand still would hide that one came in place of another. */
export function placeAtNoon(now: number): Place {
  const hours = (now / 3_600_000) % 24;
  return { latitude: 30, longitude: Math.round(((12 - hours) * 15 + 540) % 360) - 180 };
}

/** The scenario file of the plants; YAML takes JSON. */
export function scenarioOf(place: Place): string {
  const plants = faultPlants.map(({ code, gateway, devices }) => ({
    ...{ code, gateway, historyGateway: `${gateway}-history`, name: { en: code }, devices },
    ...{ ...place, timeZone: "UTC", altitudeM: 30, tilt: 15, azimuth: 180, gammaPerC: -0.0035 },
    ...{ commissioned: "2026-01-01", load: { baseW: 5_000, shiftW: 20_000 } },
  }));
  return JSON.stringify({ seed: "faults", origin: "today", plants });
}

type GatewayFileWish = {
  readonly place: Place;
  readonly fastMs: number;
  readonly portOf: (tag: string) => number;
};

/** The gateway's own file: everything is polled often, so that a short run sees much. */
export function gatewayFileOf(
  { gateway, devices }: FaultPlant,
  { place, fastMs, portOf }: GatewayFileWish,
): string {
  return JSON.stringify({
    ...{ id: gateway, place },
    poll: { fastMs, normalMs: 5 * fastMs, slowMs: 10 * fastMs },
    linger: { idleMs: 500, watchedMs: 100 },
    devices: devices.map(({ tag, profile }) => ({
      ...{ tag, profile, url: `tcp://127.0.0.1:${portOf(tag)}?unit=1` },
    })),
  });
}

type Secrets = Readonly<Record<string, string>>;

export function provisionOf(organisation: string, secrets: Secrets): Provision {
  return {
    organisation,
    plants: faultPlants.map(({ code, gateway, devices }) =>
      provided(
        code,
        [gateway],
        devices.map(({ profile: _, ...device }) => ({ ...device, gateway })),
        secrets,
      ),
    ),
  };
}

export function peerProvisionOf(organisation: string, secrets: Secrets): Provision {
  const { code, gateway, device, vandal } = peerPlant;
  const devices = [{ tag: device, kind: "inverter" as const }];
  return { organisation, plants: [provided(code, [gateway, vandal], devices, secrets)] };
}

type ProvidedDevice = Omit<FaultDevice, "profile"> & { readonly gateway?: string };

/** A plant with gateways and devices as the records want it. */
export function provided(
  code: string,
  gateways: readonly string[],
  devices: readonly ProvidedDevice[],
  secrets: Secrets,
): Provision["plants"][number] {
  return {
    plant: {
      ...{ code, name: { en: code }, timeZone: "UTC", latitude: 30, longitude: 0, altitudeM: 30 },
      ...{ dcPowerW: 120_000, acPowerW: 100_000, gammaPerC: -0.0035 },
    },
    gateways: gateways.map((id) => ({ id, secretHash: hashOf(secrets[id] ?? "") })),
    devices: devices.map(({ atGrid = false, ...device }) => {
      return { ...device, atGrid, name: { en: device.tag } };
    }),
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
