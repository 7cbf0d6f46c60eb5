import type { CommandResult, WrittenPoint } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Device } from "../polling/device.ts";
import type { DeviceLine } from "../polling/device-line.ts";
import type { Hold } from "./hold.ts";
import { pointNow } from "./point-now.ts";
import { Refusal } from "./refusal.ts";
import { switchBack } from "./set-point-switch.ts";
import { type TargetPoint, targetPoint } from "./target-point.ts";
import { writeChecked } from "./write-checked.ts";

type Revert = Extract<CommandResult, { readonly state: "revert" }>;
/** What became of bringing a set-point back. */
export type RevertResult = Pick<Revert, "outcome" | "reason" | "written">;

export type BringBackParts = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly device: (tag: string) => Device | undefined;
  /** The device is told now: answers how often it was. Throws where that must be counted and cannot. */
  readonly onTelling: (isInFlash: boolean) => number;
};

/** What may be kept in flash is not told for ever. */
const mostTellings = 3;

/**
 * Brings a set-point back to what it held before, once. What somebody else has set since stays. Rejects
 * only with what is no fault of the device.
 */
export async function bringBackOnce(hold: Hold, parts: BringBackParts): Promise<RevertResult> {
  if (!hold.previous) {
    const seconds = (hold.fallsBackMs ?? 0) / 1_000;
    const reason = `the device falls back by itself ${seconds} s after it was last told`;
    return { outcome: "done", reason };
  }
  try {
    const line = await parts.device(hold.device)?.line(parts.signal);
    if (!line) return waiting(`${hold.device} is not polled`);
    if (line.config.url !== hold.url) {
      return { outcome: "givenUp", reason: `${hold.device} is another device by now` };
    }
    return await tellBack(hold, hold.previous, line, parts);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return error instanceof Refusal ? { outcome: "givenUp", reason } : waiting(reason);
  }
}

async function tellBack(
  hold: Hold,
  previous: NonNullable<Hold["previous"]>,
  line: DeviceLine,
  { clock, onTelling }: BringBackParts,
): Promise<RevertResult> {
  const target = targetPoint(line, hold.point);
  const now = await pointNow(target.register, line);
  const written = writtenBack(hold, target);
  const isBack = now.words.join() === previous.words.join();
  if (isBack && !hold.switch) return { outcome: "alreadyBack", written };
  if (!isBack && now.words.join() !== hold.words.join()) {
    const reason = `it holds ${now.value}, which is neither ${hold.value} nor ${previous.value}`;
    return { outcome: "changedByOthers", reason, written };
  }
  if (onTelling(target.isInFlash) > mostTellings && target.isInFlash) {
    return { outcome: "givenUp", reason: `it was told ${mostTellings} times in vain` };
  }
  const stillOn = hold.switch && (await switchBack(hold.switch, { line, clock }));
  if (stillOn) return waiting(stillOn.message);
  if (isBack) return { outcome: "done", written: { ...written, readBack: now.value } };
  const { failure, found } = await writeChecked({
    ...{ line, target, clock, words: previous.words, before: now.words },
  });
  if (failure) return waiting(failure.message);
  return { outcome: "done", written: { ...written, ...(found && { readBack: found.value }) } };
}

function waiting(reason: string): RevertResult {
  return { outcome: "waiting", reason: `${reason}; it is tried again each minute at least` };
}

function writtenBack(
  { device, point, value, previous }: Hold,
  { unit }: TargetPoint,
): WrittenPoint {
  const words = [...(previous?.words ?? [])];
  return { device, point, unit, value: previous?.value ?? null, words, previous: value };
}
