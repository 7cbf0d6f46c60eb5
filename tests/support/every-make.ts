import { type Clock, drivenClock } from "@sunledger/runtime";
import { startSimulators } from "../../simulators/src/app.ts";
import { batteryMakes } from "../../simulators/src/device/battery-makes.ts";
import { devicesOf } from "../../simulators/src/device/device.ts";
import { inverterMakes } from "../../simulators/src/device/inverter-makes.ts";
import { loggerMakes } from "../../simulators/src/device/logger-makes.ts";
import { meterMakes } from "../../simulators/src/device/meter-makes.ts";
import { sensorMakes } from "../../simulators/src/device/sensor-makes.ts";
import { plantModel } from "../../simulators/src/plant/plant-model.ts";
import { Scenario } from "../../simulators/src/scenario/scenario.ts";
import { testScope } from "../../simulators/src/testing/scope.ts";

export type Meant = ReadonlyMap<string, number | string | null>;

/** A simulated device of one make, served at noon of a summer's day that stands still. */
export type ServedMake = {
  readonly kind: string;
  readonly profile: string;
  readonly port: number;
  /** The canonical values as its registers hold them; `null` for "none". */
  readonly meant: Meant;
};

export type EveryMake = {
  readonly devices: readonly ServedMake[];
  readonly clock: Clock;
  stop(): Promise<void>;
};

const noon = Date.parse("2026-06-21T12:00:00+08:00");
const origin = "2026-06-20T00:00:00+08:00";

/** The profiles of every make, by kind, in the order in which they are served. */
export const makes: readonly (readonly [kind: string, profile: string])[] = [
  ...Object.keys(inverterMakes).map((profile) => ["inverter", profile] as const),
  ...Object.keys(meterMakes).map((profile) => ["meter", profile] as const),
  ...Object.keys(sensorMakes).map((profile) => ["sensor", profile] as const),
  ...Object.keys(loggerMakes).map((profile) => ["logger", profile] as const),
  ...Object.keys(batteryMakes).map((profile) => ["battery", profile] as const),
];

const traits: Readonly<Record<string, (profile: string) => object>> = {
  inverter: () => ({ ratedDcW: 25_000, ratedAcW: 20_000 }),
  battery: () => ({ capacityWh: 40_000, ratedW: 15_000 }),
  meter: (profile) => ({ atGrid: profile !== "tuf-2000m" }),
};

/** Serves a plant with a device of each make. */
export async function startEveryMake(): Promise<EveryMake> {
  const plant = {
    ...{ code: "every", name: { en: "Every make" }, timeZone: "Asia/Shanghai" },
    ...{ latitude: 36.8, longitude: 118.06, altitudeM: 30, tilt: 12, azimuth: 180 },
    ...{ gammaPerC: -0.0035, commissioned: "2025-03-01" },
    ...{ gateway: "every-gw", historyGateway: "every-history" },
    load: { baseW: 10_000, shiftW: 60_000 },
    devices: makes.map(([kind, profile], i) => ({
      ...{ tag: `D-${i}`, kind, profile },
      ...traits[kind]?.(profile),
    })),
  };
  const scenario = Scenario.parse({ seed: "makes", origin, plants: [plant] });
  const clock = drivenClock(noon);
  const scope = testScope();
  const served = await startSimulators({ scenario, clock, host: "127.0.0.1", port: 0 }, scope);

  const [simulated] = scenario.plants;
  if (!simulated) throw new Error("the scenario has no plant");
  const model = plantModel(scenario.seed, simulated, { origin: Date.parse(origin) });
  const reading = model.at(noon);
  const devices = devicesOf(model).map((device, i) => ({
    kind: device.device.kind,
    profile: device.device.profile,
    port: served[i]?.port ?? 0,
    meant: device.valuesAt(reading),
  }));
  return { devices, clock, stop: () => scope.stop() };
}
