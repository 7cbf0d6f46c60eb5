import { fileURLToPath } from "node:url";
import { type Clock, drivenClock } from "@sunledger/runtime";
import { startSimulators } from "../../simulators/src/app.ts";
import { batteryMakes } from "../../simulators/src/device/battery-makes.ts";
import { devicesOf } from "../../simulators/src/device/device.ts";
import { inverterMakes } from "../../simulators/src/device/inverter-makes.ts";
import { loggerMakes } from "../../simulators/src/device/logger-makes.ts";
import { meterMakes } from "../../simulators/src/device/meter-makes.ts";
import { sensorMakes } from "../../simulators/src/device/sensor-makes.ts";
import { plantModel } from "../../simulators/src/plant/plant-model.ts";
import { loadScenario } from "../../simulators/src/scenario/load-scenario.ts";
import { originOf } from "../../simulators/src/scenario/scenario.ts";
import { testScope } from "../../simulators/src/testing/scope.ts";

export type Meant = ReadonlyMap<string, number | string | null>;

/** A simulated device of one make, served at noon of a summer's day that stands still. */
export type ServedMake = {
  readonly kind: string;
  readonly profile: string;
  readonly port: number;
  readonly unit: number;
  /** The devices that answer on its line too, from unit 1 on. */
  readonly behind: readonly ServedMake[];
  /** The canonical values as its registers hold them; `null` for "none". */
  readonly meant: Meant;
};

export type EveryMake = {
  readonly devices: readonly ServedMake[];
  readonly clock: Clock;
  stop(): Promise<void>;
};

const noon = Date.parse("2026-06-21T12:00:00+08:00");
const file = fileURLToPath(new URL("../../simulators/scenarios/every-make.yaml", import.meta.url));

/** The profiles of every make, by kind, in the order in which they are served. */
export const makes: readonly (readonly [kind: string, profile: string])[] = [
  ...Object.keys(inverterMakes).map((profile) => ["inverter", profile] as const),
  ...Object.keys(meterMakes).map((profile) => ["meter", profile] as const),
  ...Object.keys(sensorMakes).map((profile) => ["sensor", profile] as const),
  ...Object.keys(loggerMakes).map((profile) => ["logger", profile] as const),
  ...Object.keys(batteryMakes).map((profile) => ["battery", profile] as const),
];

/** Serves the library's plant with a device of each make. */
export async function startEveryMake(): Promise<EveryMake> {
  const scenario = await loadScenario(file);
  const clock = drivenClock(noon);
  const scope = testScope();
  const served = await startSimulators({ scenario, clock, host: "127.0.0.1", port: 0 }, scope);

  const [simulated] = scenario.plants;
  if (!simulated) throw new Error("the scenario has no plant");
  const model = plantModel(scenario.seed, simulated, { origin: originOf(scenario, noon) });
  const reading = model.at(noon);
  const all = devicesOf(model).map(({ device, valuesAt }, i) => ({
    ...{ device, kind: device.kind, profile: device.profile },
    ...{ port: served[i]?.port ?? 0, unit: served[i]?.unit ?? 1, meant: valuesAt(reading) },
    behind: [] as ServedMake[],
  }));
  const devices = all.map((one) => {
    const tags = one.device.kind === "logger" ? one.device.behind : [];
    return {
      ...one,
      behind: tags.flatMap((tag) => all.filter(({ device }) => device.tag === tag)),
    };
  });
  return { devices, clock, stop: () => scope.stop() };
}
