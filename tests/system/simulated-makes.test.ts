import { drivenClock } from "@sunledger/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProfiles } from "../../gateway/src/profiles/load-profiles.ts";
import { type ScannedDevice, scanDevice } from "../../gateway/src/scan/scan-device.ts";
import { loadSunspecModels, sunspecPointNames } from "../../gateway/src/sunspec/models.ts";
import { type ServedDevice, startSimulators } from "../../simulators/src/app.ts";
import { type Device, devicesOf } from "../../simulators/src/device/device.ts";
import { inverterMakes } from "../../simulators/src/device/inverter-makes.ts";
import { loggerMakes } from "../../simulators/src/device/logger-makes.ts";
import { meterMakes } from "../../simulators/src/device/meter-makes.ts";
import { sensorMakes } from "../../simulators/src/device/sensor-makes.ts";
import { plantModel } from "../../simulators/src/plant/plant-model.ts";
import { Scenario } from "../../simulators/src/scenario/scenario.ts";
import { testScope } from "../../simulators/src/testing/scope.ts";

const noon = Date.parse("2026-06-21T12:00:00+08:00");
const origin = "2026-06-20T00:00:00+08:00";

const inverters = Object.keys(inverterMakes);
const meters = Object.keys(meterMakes);
const sensors = Object.keys(sensorMakes);
const loggers = Object.keys(loggerMakes);

/** A plant with a device of each make. */
const scenario = Scenario.parse({
  seed: "makes",
  origin,
  plants: [
    {
      code: "every",
      name: { en: "Every make" },
      timeZone: "Asia/Shanghai",
      latitude: 36.8,
      longitude: 118.06,
      altitudeM: 30,
      tilt: 12,
      azimuth: 180,
      gammaPerC: -0.0035,
      commissioned: "2025-03-01",
      gateway: "every-gw",
      historyGateway: "every-history",
      load: { baseW: 10_000, shiftW: 60_000 },
      devices: [
        ...inverters.map((profile, i) => ({
          ...{ tag: `INV-${i}`, kind: "inverter", profile, ratedDcW: 25_000, ratedAcW: 20_000 },
        })),
        ...meters.map((profile, i) => ({
          ...{ tag: `METER-${i}`, kind: "meter", profile, atGrid: profile !== "tuf-2000m" },
        })),
        ...sensors.map((profile, i) => ({ tag: `MET-${i}`, kind: "sensor", profile })),
        ...loggers.map((profile, i) => ({ tag: `LOG-${i}`, kind: "logger", profile })),
      ],
    },
  ],
});

const models = loadSunspecModels();
const profiles = loadProfiles({ sunspec: sunspecPointNames(models) });
const clock = drivenClock(noon);
const scope = testScope();
let served: ServedDevice[] = [];
let simulated: Device[] = [];
const reading = () => {
  const [plant] = scenario.plants;
  if (!plant) throw new Error("the scenario has no plant");
  const model = plantModel(scenario.seed, plant, { origin: Date.parse(origin) });
  simulated = devicesOf(model);
  return model.at(noon);
};
let now: ReturnType<typeof reading>;

beforeAll(async () => {
  served = await startSimulators({ scenario, clock, host: "127.0.0.1", port: 0 }, scope);
  now = reading();
});
afterAll(() => scope.stop());

test.each(
  [...inverters, ...meters, ...sensors, ...loggers].map(
    (profile, place) => [profile, place] as const,
  ),
)("the gateway's profile %s finds what the simulator means", async (profile, place) => {
  const device = simulated[place];
  if (!device) throw new Error(`nothing is simulated for ${profile}`);
  const [found] = await scanned(profile, served[place]?.port ?? 0);
  const meant = device.valuesAt(now);

  expect(found && contradictions(found, meant)).toEqual([]);
  expect(found && unread(found, meant)).toEqual([]);
  expect(found?.points.filter(({ flag }) => flag === "failed")).toEqual([]);
});

test("every shipped profile can be simulated", () => {
  const makes = new Set([...inverters, ...meters, ...sensors, ...loggers]);

  expect([...profiles.keys()].filter((id) => !makes.has(id))).toEqual([]);
});

async function scanned(profile: string, port: number): Promise<readonly ScannedDevice[]> {
  const quiet = () => undefined;
  const { devices } = await scanDevice({
    ...{ url: `tcp://127.0.0.1:${port}?unit=1`, profile, profiles, models, clock },
    log: { debug: quiet, info: quiet, warn: quiet },
    signal: scope.signal,
  });
  return devices;
}

type Meant = ReadonlyMap<string, number | string | null>;

/** Points that the gateway read otherwise than the simulator shows them. */
function contradictions({ points, texts }: ScannedDevice, meant: Meant): string[] {
  const read: [string, unknown][] = [
    ...points.map(({ point, value }): [string, unknown] => [point, value]),
    // Some makers write their identity as numbers.
    ...Object.entries(texts).map(([point, text]): [string, unknown] => [
      point,
      typeof meant.get(point) === "number" ? Number(text) : text,
    ]),
  ];
  return read
    .filter(([point, value]) => meant.has(point) && !isSame(value, meant.get(point)))
    .map(([point, value]) => `${point}: read ${value}, meant ${meant.get(point)}`);
}

/** Points with a value that the gateway did not read at all. */
function unread({ points, texts }: ScannedDevice, meant: Meant): string[] {
  const read = new Set([...points.map(({ point }) => point), ...Object.keys(texts)]);
  return [...meant].flatMap(([point, value]) => (value === null || read.has(point) ? [] : [point]));
}

/** Decimals of floats and transformer ratios may differ in the last digits. */
function isSame(read: unknown, meant: unknown): boolean {
  if (typeof read !== "number" || typeof meant !== "number") return Object.is(read, meant);
  return Math.abs(read - meant) <= 1e-6 * Math.max(1, Math.abs(meant));
}
