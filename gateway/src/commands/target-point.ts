import { cataloguePoint } from "@sunledger/model/points";
import type { ProfilePoint } from "@sunledger/model/profile";
import type { RegisterPoint } from "../modbus/register-point.ts";
import type { WriteFunction } from "../modbus/write-request.ts";
import type { DeviceLine } from "../polling/device-line.ts";
import { Refusal } from "./refusal.ts";

/** A set-point that a device has and that its profile allows to be written. */
export type TargetPoint = {
  readonly name: string;
  readonly unit: string;
  readonly register: RegisterPoint;
  readonly rules: NonNullable<ProfilePoint["write"]>;
  readonly code: WriteFunction;
  /** What it holds can be read. */
  readonly isReadable: boolean;
  /** The device keeps it in flash, or nobody knows that it does not. */
  readonly isInFlash: boolean;
  /** Where what was written can be read back, if at all. */
  readonly readBack?: RegisterPoint;
};

/** Finds a set-point by its name; throws a `Refusal` where the profile does not allow it. */
export function targetPoint(line: DeviceLine, name: string): TargetPoint {
  const found = line.found.filter(({ point }) => point.name === name);
  if (found.length === 0) {
    const isKnown = line.profile.points.some((point) => point.name === name);
    const who = isKnown ? `${line.config.tag} has` : `the profile ${line.profile.id} knows`;
    throw new Refusal("unknownPoint", `${who} no ${name}`);
  }
  const writable = found.filter(({ point }) => point.access === "rw" || point.access === "w");
  const chosen = writable.find(({ point }) => point.prefer === true) ?? writable[0];
  const rules = chosen?.point.write;
  if (!chosen || !rules) throw new Refusal("notWritable", `${name} may only be read`);
  const { point, register } = chosen;
  checkAllowed(line, name, rules);
  if (point.src.length === 0) {
    throw new Refusal("unverified", `no source confirms where ${name} is written`);
  }
  const code = functionFor(register, rules.functions);
  if (code === undefined || register.mask !== undefined || register.multiplyBy.length > 0) {
    throw new Refusal("notWritable", `${name} cannot be written as its profile describes it`);
  }
  const mostWords = line.profile.limits.maxRegistersPerWrite ?? register.size;
  if (register.size > mostWords) {
    throw new Refusal("notWritable", `${name} is longer than ${line.config.tag} takes at once`);
  }
  const isReadable = point.access === "rw";
  const readBack = readBackOf(register, rules, isReadable);
  return {
    name,
    unit: cataloguePoint(name)?.unit ?? point.unit ?? "",
    register,
    rules,
    code,
    isReadable,
    isInFlash: mayBeInFlash(rules),
    ...(readBack && { readBack }),
  };
}

/** The device keeps it in flash, or nobody knows that it does not. */
export function mayBeInFlash({ persistent, guard }: TargetPoint["rules"]): boolean {
  return persistent !== false || guard === "forbid-cyclic";
}

function checkAllowed(line: DeviceLine, name: string, { guard }: TargetPoint["rules"]): void {
  if (!line.mayWrite) {
    const { tag } = line.config;
    throw new Refusal("forbidden", `unit 0 of ${tag} is every device of its line at once`);
  }
  if (guard === "forbidden") throw new Refusal("forbidden", `the profile forbids to write ${name}`);
}

/**
 * Of the functions that the device takes, one whose confirmation is not the request again where there
 * is a choice: on a serial line that could be an echo.
 */
function functionFor(
  { kind, size, type }: RegisterPoint,
  allowed: readonly WriteFunction[] | undefined,
): WriteFunction | undefined {
  if (type === "string" || (kind !== "holding" && kind !== "coil")) return undefined;
  const fitting: readonly WriteFunction[] = kind === "coil" ? [15, 5] : size === 1 ? [16, 6] : [16];
  const known = allowed ?? fitting;
  return fitting.find((code) => known.includes(code));
}

function readBackOf(
  register: RegisterPoint,
  { readBack = true, readBackFrom }: TargetPoint["rules"],
  isReadable: boolean,
): RegisterPoint | undefined {
  if (readBackFrom) return { ...register, ...readBackFrom };
  return readBack && isReadable ? register : undefined;
}
