import { gapsOf, inOrder } from "../frames/gaps.ts";
import type { KeptFrames } from "../frames/kept-frames.ts";
import type { SeenWindow } from "../frames/seen-window.ts";
import type { DeviceNow } from "./device-now.ts";
import { headlinePoints } from "./device-points.ts";
import type { Witness } from "./gap-reason.ts";

/** So many devices are asked: a few tell a dead gateway from a dead device. */
const mostWitnesses = 8;

export type WitnessQuery = {
  readonly frames: KeptFrames;
  readonly organisation: string;
  readonly window: SeenWindow;
};

/** The devices that these are polled beside, those first that never sleep. */
export function polledBeside(
  devices: readonly DeviceNow[],
  all: readonly DeviceNow[],
): DeviceNow[] {
  const gateways = new Set(devices.flatMap(({ device }) => device.gateway ?? []));
  const own = new Set(devices.map(({ device }) => device.id));
  return all
    .filter(({ device }) => gateways.has(device.gateway ?? "") && !own.has(device.id))
    .sort((a, b) => Number(isInverter(a)) - Number(isInverter(b)));
}

/**
 * Where the first of the devices were silent, by the point that tells most of each. One that said nothing in the
 * whole window is none: nobody knows that it was to be there.
 */
export async function witnessesOf(
  devices: readonly DeviceNow[],
  { frames, organisation, window }: WitnessQuery,
): Promise<ReadonlyMap<string, Witness>> {
  const { from, to, everyMs, present } = window;
  const asked = devices
    .flatMap(({ device, points }) => {
      const [point] = headlinePoints(device.kind, points);
      return point ? [{ device, point }] : [];
    })
    .slice(0, mostWitnesses);
  if (asked.length === 0) return new Map();

  const buckets = await frames.buckets({
    ...{ organisation, from, to, everyMs },
    devices: asked.map(({ device }) => device.id),
    points: [...new Set(asked.map(({ point }) => point.name))],
  });
  const byPoint = Map.groupBy(buckets, ({ device, point }) => `${device}/${point}`);
  return new Map(
    asked.flatMap((one) => {
      const filled = inOrder(byPoint.get(`${one.device.id}/${one.point.name}`) ?? []);
      if (filled.length === 0) return [];
      const search = { filled, expectedMs: one.point.everyMs, window: { from, to: present } };
      return [[one.device.id, { isInverter: isInverter(one), gaps: gapsOf(search) }] as const];
    }),
  );
}

export function isInverter({ device }: Pick<DeviceNow, "device">): boolean {
  return device.kind === "inverter";
}
