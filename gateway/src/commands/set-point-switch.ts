import type { Clock } from "@sunledger/runtime";
import type { DeviceLine } from "../polling/device-line.ts";
import { Failure } from "./failure.ts";
import type { Hold } from "./hold.ts";
import { type PointNow, pointNow } from "./point-now.ts";
import { Refusal } from "./refusal.ts";
import { type TargetPoint, targetPoint } from "./target-point.ts";
import { wordsFor } from "./words-for.ts";
import { writeChecked } from "./write-checked.ts";

/** A point of the device that has to stand at a value for a set-point to count: SunSpec's enable points. */
export type SetPointSwitch = {
  readonly target: TargetPoint;
  readonly now: PointNow;
  /** The words and the value that switch the set-point on. */
  readonly on: { readonly words: readonly number[]; readonly value: number };
};

/** The set-point's switch as it stands; absent where it has none. Rejects with a `Refusal` where it cannot be used. */
export async function switchOf(
  line: DeviceLine,
  { rules }: TargetPoint,
): Promise<SetPointSwitch | undefined> {
  if (!rules.enabledBy) return undefined;
  const { name, equals: value } = rules.enabledBy;
  const target = targetPoint(line, name);
  if (!target.isReadable || !target.readBack) {
    throw new Refusal("notWritable", `${name}, which switches it on, cannot be read`);
  }
  const now = await pointNow(target.register, line);
  if (now.isAbsent) throw new Refusal("unknownPoint", `${line.config.tag} has no ${name}`);
  const words = wordsFor(value, target, now, []);
  return { target, now, on: { words, value } };
}

export function isOn({ now, on }: SetPointSwitch): boolean {
  return now.words.join() === on.words.join();
}

/** What a hold has to know of a switch that is switched on now, to switch it off again. */
export function switchedBy({ target, now, on }: SetPointSwitch): NonNullable<Hold["switch"]> {
  return {
    point: target.name,
    ...{ words: [...on.words], value: on.value },
    previous: { words: [...now.words], value: now.value },
  };
}

export type SwitchParts = { readonly line: DeviceLine; readonly clock: Clock };

/** Rejects with a `Failure` where the device does not say afterwards that it is on. */
export async function switchOn(
  { target, now, on }: SetPointSwitch,
  { line, clock }: SwitchParts,
): Promise<void> {
  const { words } = on;
  const { failure } = await writeChecked({ line, target, words, before: now.words, clock });
  if (!failure) return;
  throw new Failure(failure.code, `${target.name} was not switched on: ${failure.message}`);
}

/** Switches off what a hold has switched on; what somebody else has set since stays. */
export async function switchBack(
  { point, words: on, previous }: NonNullable<Hold["switch"]>,
  { line, clock }: SwitchParts,
): Promise<Failure | undefined> {
  const target = targetPoint(line, point);
  const now = await pointNow(target.register, line);
  if (now.words.join() !== on.join()) return undefined;
  const { words } = previous;
  const { failure } = await writeChecked({ line, target, words, before: now.words, clock });
  return failure && new Failure(failure.code, `${point} was not switched back: ${failure.message}`);
}
