import type { Device, DevicePoint } from "@sunledger/model";

type Known = { readonly device: Device; readonly points: readonly DevicePoint[] };

export const powerPoint = "ac.power.active";
/** Irradiance in order of preference: that of the modules' plane makes the better ratio. */
const irradiancePoints = ["met.irradiance.poa", "met.irradiance", "met.irradiance.ghi"];
/** Lifetime counters of generation in order of preference. */
const generationPoints = ["ac.energy.generated.total", "ac.energy.export.total"];

export function isInverter({ device }: Known): boolean {
  return device.kind === "inverter";
}

/** Whether its export and import are the plant's. */
export function isGridMeter({ device }: Known): boolean {
  return device.kind === "meter" && device.atGrid;
}

/**
 * The irradiance point that the plant's figures use, and the sensors that have it: all of one kind,
 * because the plane's irradiance and the horizontal one must not be mixed.
 */
export function irradianceSensors<D extends Known>(
  devices: readonly D[],
): { readonly point: string; readonly sensors: readonly D[] } | undefined {
  const candidates = devices.filter(({ device }) => device.kind === "sensor");
  for (const point of irradiancePoints) {
    const sensors = candidates.filter(({ points }) => points.some(({ name }) => name === point));
    if (sensors.length > 0) return { point, sensors };
  }
  return undefined;
}

/** Whether a sensor is there that may measure irradiance, and has yet to say what it measures. */
export function awaitsLight(devices: readonly Known[]): boolean {
  return devices.some(({ device, points }) => device.kind === "sensor" && points.length === 0);
}

/** The lifetime counter by which the device's generation is measured. */
export function generationPoint({ points }: Known): string | undefined {
  return generationPoints.find((wanted) => points.some(({ name }) => name === wanted));
}

/** Watts at which it is rated; an equal share of the plant's where it does not say. */
export function ratedDcOf({ device }: Known, plantDcW: number, inverters: number): number {
  return device.ratedDcW ?? plantDcW / inverters;
}

export function ratedAcOf({ device }: Known, plantAcW: number, inverters: number): number {
  return device.ratedAcW ?? plantAcW / inverters;
}
