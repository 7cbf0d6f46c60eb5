import type { DeviceDetail, DevicePoint } from "@sunledger/model";

type Range = { readonly from: number; readonly to: number };

const generated = new Set(["ac.power.active", "ac.power.apparent"]);

/** The range a register's value lies in by its unit or the device's rating, where one is known. */
export function rangeOf(
  { name, unit }: DevicePoint,
  { kind, ratedAcW, ratedDcW }: Pick<DeviceDetail, "kind" | "ratedAcW" | "ratedDcW">,
): Range | undefined {
  if (unit === "percent") return { from: 0, to: 100 };
  if (name === "ac.powerFactor") return { from: -1, to: 1 };
  if (kind !== "inverter") return undefined;
  if (generated.has(name)) return upTo(ratedAcW);
  if (name === "dc.power") return upTo(ratedDcW);
  if (name === "ac.power.reactive" && ratedAcW) return { from: -ratedAcW, to: ratedAcW };
  return undefined;
}

function upTo(rating: number | undefined): Range | undefined {
  return rating ? { from: 0, to: rating } : undefined;
}
