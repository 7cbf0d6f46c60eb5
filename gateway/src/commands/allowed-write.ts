import type { Device } from "../polling/device.ts";
import type { DeviceConfig } from "../polling/device-config.ts";
import type { DeviceLine } from "../polling/device-line.ts";
import type { OrderOf } from "./order.ts";
import { type OwnFile, permittedBounds } from "./permissions.ts";
import { type PointNow, pointNow, rawNow } from "./point-now.ts";
import { Refusal } from "./refusal.ts";
import { type SetPointSwitch, switchOf } from "./set-point-switch.ts";
import { type TargetPoint, targetPoint } from "./target-point.ts";
import { type Bounds, wordsFor } from "./words-for.ts";

/** A write that all rules allow. */
export type AllowedWrite = {
  readonly line: DeviceLine;
  readonly target: TargetPoint;
  readonly now: PointNow | undefined;
  readonly bounds: readonly Bounds[];
  readonly words: readonly number[];
  /** What has to be on for the set-point to count. */
  readonly switch?: SetPointSwitch;
};

export type AllowedWriteParts = {
  /** The gateway's own file, as it is now. */
  readonly own: () => OwnFile;
  /** What is polled now. */
  readonly devices: () => readonly DeviceConfig[];
  readonly device: (tag: string) => Device | undefined;
};

/**
 * Everything that has to be known before a write, asked of the device now. Rejects with a `Refusal`, or
 * with what the line has against it.
 */
export async function allowedWrite(
  { device: tag, point, value }: OrderOf<"set">,
  signal: AbortSignal,
  { own, devices, device }: AllowedWriteParts,
): Promise<AllowedWrite> {
  if (!own().commands) {
    throw new Refusal("commandsOff", "this gateway's own file does not allow set-points");
  }
  const config = devices().find((one) => one.tag === tag);
  const there = device(tag);
  if (!config || !there) throw new Refusal("unknownDevice", `this gateway polls no ${tag}`);
  // Asked before anything goes over the line.
  const permitted = permittedBounds(own(), config, point);
  const line = await there.line(signal);
  const target = targetPoint(line, point);
  const now = target.isReadable ? await pointNow(target.register, line) : undefined;
  if (now?.isAbsent) {
    throw new Refusal("unknownPoint", `${tag} says that it has no ${point}`);
  }
  await checkMode(line, target);
  const found = await switchOf(line, target);
  const bounds = [permitted.bounds, await profileBounds(line, target)];
  checkBounded(target, bounds);
  const power = now?.power ?? 0;
  const words = wordsFor(value, target, { power, ...(now && { words: now.words }) }, bounds);
  return { line, target, now, bounds, words, ...(found && { switch: found }) };
}

async function checkMode(line: DeviceLine, { name, rules }: TargetPoint): Promise<void> {
  for (const { name: other, equals, bit } of rules.requires ?? []) {
    const register = line.found.find(({ point }) => point.name === other)?.register;
    const raw = register && (await rawNow(register, line));
    const isSo =
      raw !== undefined &&
      (equals === undefined || raw === equals) &&
      (bit === undefined || Math.floor(raw / 2 ** bit) % 2 === 1);
    if (isSo) continue;
    const wanted = equals === undefined ? `has bit ${bit}` : `is ${equals}`;
    const reason = `${name} counts while ${other} ${wanted}; it is ${raw ?? "not known"}`;
    throw new Refusal("modeRequired", reason);
  }
}

/** What only its register bounds is not written: the profile bounds it, or the gateway's own file. */
function checkBounded({ name, rules }: TargetPoint, bounds: readonly Bounds[]): void {
  if (rules.allowed || rules.bits) return;
  for (const end of ["min", "max"] as const) {
    if (bounds.some((one) => one[end] !== undefined)) continue;
    const reason = `neither the profile nor this gateway's own file gives ${name} a ${end}`;
    throw new Refusal("outOfRange", reason);
  }
}

async function profileBounds(line: DeviceLine, { name, rules }: TargetPoint): Promise<Bounds> {
  const { min, max, maxFrom } = rules;
  const by = `the profile ${line.profile.id}`;
  const fixed = { min: min ?? undefined, max: max ?? undefined, by };
  if (maxFrom === undefined) return fixed;
  const rating = line.found.find(({ point }) => point.name === maxFrom)?.register;
  const most = rating && (await pointNow(rating, line)).value;
  if (typeof most !== "number") {
    throw new Refusal("outOfRange", `the most of ${name}, ${maxFrom}, cannot be read`);
  }
  return { ...fixed, max: Math.min(most, fixed.max ?? most), by: `${by}: ${maxFrom}` };
}
