import type { DeviceProfile } from "@sunledger/model/profile";
import type { ReadSpan } from "../modbus/read-request.ts";
import { addressedPoints } from "../profiles/addressed-points.ts";

/** The one request that shows whether the device answers. */
export function probeOf(profile: DeviceProfile, base: number): ReadSpan {
  if (profile.protocol === "sunspec") return { kind: "holding", address: base, count: 2 };
  const first = addressedPoints(profile)[0]?.register;
  return first
    ? { kind: first.kind, address: first.address, count: first.size }
    : { kind: "holding", address: 0, count: 1 };
}
