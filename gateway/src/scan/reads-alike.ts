import { cataloguePoint } from "@sunledger/model/points";
import type { Scan, ScannedDevice } from "./scan-device.ts";

/** A counter may have gone on by so much of itself between two readings. */
const mostRise = 1 / 10_000;

/**
 * Whether what was read later may be the same device, though it names no serial number: the same kind and
 * texts, and every counter where it was. Of what has counted nothing yet that cannot be said.
 */
export function readsAlike(earlier: Scan, later: Scan): boolean {
  if (earlier.devices.length !== later.devices.length) return false;
  return earlier.devices.every((device, i) => {
    const other = later.devices[i];
    return other !== undefined && areAlike(device, other);
  });
}

function areAlike(one: ScannedDevice, other: ScannedDevice): boolean {
  if (one.texts["id.serial"] || other.texts["id.serial"]) return false;
  if (one.profile !== other.profile) return false;
  if (JSON.stringify(one.texts) !== JSON.stringify(other.texts)) return false;
  const [counters, later] = [countersOf(one), countersOf(other)];
  if (counters.size !== later.size) return false;
  const hasCounted = [...counters.values()].some((value) => value > 0);
  return hasCounted && [...counters].every(([name, value]) => isSame(value, later.get(name)));
}

function isSame(value: number, later: number | undefined): boolean {
  return later !== undefined && later >= value && later - value <= Math.abs(value) * mostRise;
}

function countersOf({ points }: ScannedDevice): Map<string, number> {
  return new Map(
    points.flatMap(({ point, value }): [string, number][] => {
      const isCounter = cataloguePoint(point)?.kind === "counter";
      return isCounter && typeof value === "number" ? [[point, value]] : [];
    }),
  );
}
