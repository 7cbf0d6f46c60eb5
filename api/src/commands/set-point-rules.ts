import type { GatewayPermissions, SetPointRules, SetPointWish } from "@sunledger/model";
import { latestRevertMs } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import type { DeviceNow } from "../devices/device-now.ts";
import type { LibraryProfile } from "../profiles/profile-library.ts";
import { isWritable } from "../profiles/profile-view.ts";

type ProfilePoint = LibraryProfile["points"][number];

/** What may be written to a device, as its profile and its gateway's own file have it. */
export function setPointsOf(
  now: DeviceNow,
  profile: LibraryProfile,
  allows: GatewayPermissions | undefined,
): SetPointRules[] {
  const there = new Set(now.points.map(({ name }) => name));
  return profile.points
    .filter((point) => isWritable(point) && (there.has(point.name) || point.poll === "never"))
    .map((point) => rulesOf(point, { now, profile, allows }));
}

type Around = {
  readonly now: DeviceNow;
  readonly profile: LibraryProfile;
  readonly allows: GatewayPermissions | undefined;
};

function rulesOf(point: ProfilePoint, { now, profile, allows }: Around): SetPointRules {
  const { name, write = { guard: "confirm" } } = point;
  const newest = now.values.get(name);
  const max = write.max ?? maximumFrom(write.maxFrom, now);
  const allowed = write.allowed?.map((raw) => {
    const label = profile.enums?.[point.enum ?? ""]?.[String(raw)]?.label;
    return { value: canonical(raw, point), ...(label !== undefined && { label }) };
  });
  const requires = write.requires?.map(({ name, equals, bit }) => ({
    ...{ point: name, ...(equals !== undefined && { equals }), ...(bit !== undefined && { bit }) },
  }));
  return {
    ...{ point: name, unit: point.unit ?? cataloguePoint(name)?.unit ?? "" },
    ...(typeof write.min === "number" && { min: write.min }),
    ...(typeof max === "number" && { max }),
    ...(write.step !== undefined && { step: write.step }),
    ...(write.maxFrom !== undefined && { maxFrom: write.maxFrom }),
    ...(allowed && { allowed }),
    ...(requires && { requires }),
    ...(write.enabledBy && {
      enabledBy: { point: write.enabledBy.name, equals: write.enabledBy.equals },
    }),
    flash: write.persistent === true || write.guard === "forbid-cyclic",
    ...(write.revertAfterS !== undefined && { revertAfterS: write.revertAfterS }),
    permitted: isPermitted(allows, now.device.tag, name),
    current: newest ? { value: newest.value, at: newest.at } : null,
  };
}

/** Whether the gateway's own file lets that point of that device be written. */
export function isPermitted(
  allows: GatewayPermissions | undefined,
  device: string,
  point: string,
): boolean {
  return (allows?.set ?? []).some((one) => fits(one.device, device) && fits(one.point, point));
}

/** A trailing `*` stands for any rest. */
function fits(pattern: string, name: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

function maximumFrom(point: string | undefined, { values }: DeviceNow): number | undefined {
  const value = point === undefined ? undefined : values.get(point)?.value;
  return typeof value === "number" ? value : undefined;
}

function canonical(raw: number, { scale = 1, offset = 0 }: ProfilePoint): number {
  return Number((raw * scale + offset).toPrecision(12));
}

/** Everything that is wrong with a wish by these rules; its gateway judges once more. */
export function faultsOf(
  wish: SetPointWish,
  rules: SetPointRules,
): { path: string; message: string }[] {
  const { value, revertAfterMs, rampPerSecond } = wish;
  const { min, max, step, allowed, flash } = rules;
  const faults: [string, string][] = [];
  if (min !== undefined && value < min) faults.push(["value", `is below ${min}`]);
  if (max !== undefined && value > max) faults.push(["value", `is above ${max}`]);
  if (step !== undefined && !isMultiple(value, step)) {
    faults.push(["value", `is no multiple of ${step}`]);
  }
  if (allowed && !allowed.some((one) => one.value === value)) {
    faults.push(["value", `is none of ${allowed.map((one) => one.value).join(", ")}`]);
  }
  if (revertAfterMs !== undefined && (revertAfterMs < 1_000 || revertAfterMs > latestRevertMs)) {
    faults.push(["revertAfterMs", `is not between 1 s and ${latestRevertMs / 86_400_000} days`]);
  }
  if (rampPerSecond !== undefined && rampPerSecond <= 0) {
    faults.push(["rampPerSecond", "is not above 0"]);
  }
  if (rampPerSecond !== undefined && flash) {
    faults.push(["rampPerSecond", "would write to flash again and again"]);
  }
  return faults.map(([path, message]) => ({ path: `body/${path}`, message }));
}

/** Tenths are no fractions of two: judged at what a double can tell. */
function isMultiple(value: number, step: number): boolean {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}
