import type { Clock } from "@sunledger/runtime";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { DeviceLine } from "../polling/device-line.ts";
import { Failure, failureOf } from "./failure.ts";
import { type PointNow, pointNow } from "./point-now.ts";
import type { TargetPoint } from "./target-point.ts";

/** What became of a write. */
export type WriteOutcome = {
  /** Absent where the device holds what it was told. */
  readonly failure?: Failure;
  /** What it was found to hold afterwards. */
  readonly found?: PointNow;
  /** The device holds what it held before: nothing is to be brought back. */
  readonly isUnchanged: boolean;
};

export type WriteParts = {
  readonly line: DeviceLine;
  readonly target: TargetPoint;
  readonly words: readonly number[];
  /** What it held before. */
  readonly before?: readonly number[] | undefined;
  readonly clock: Clock;
  /** The device is being told, perhaps again since it was busy. */
  readonly onSend?: () => void;
};

/** A device may take a moment until it says what it was told. */
const lookAgainMs = [0, 300, 1_000, 2_000];

/**
 * Writes once and looks at what became of it. A write without an answer may have been carried out: the
 * device is asked what it holds, never told again.
 */
export async function writeChecked(parts: WriteParts): Promise<WriteOutcome> {
  const { line, target, words, before, onSend } = parts;
  const { register, code, name } = target;
  const refused = await line.write({ code, address: register.address, words }, onSend).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (refused !== undefined && !(refused instanceof ModbusError)) throw refused;
  if (refused?.exception !== undefined && nothingDone.has(refused.exception)) {
    return { failure: failureOf(refused), isUnchanged: true };
  }

  const found = await readBack(parts);
  if (refused?.kind === "echo") {
    return { ...given(found), failure: failureOf(refused), isUnchanged: holds(found, before) };
  }
  if (holds(found, words)) return { ...given(found), isUnchanged: false };
  if (refused && holds(found, before)) {
    return { ...given(found), failure: failureOf(refused), isUnchanged: true };
  }
  if (found) {
    const reason = `${name} was told ${words.join(" ")} and holds ${found.words.join(" ")}`;
    const failure = new Failure("readBackDiffers", reason);
    return { found, failure, isUnchanged: holds(found, before) };
  }
  if (!refused && !target.readBack) return { isUnchanged: false };
  const why = refused ? refused.message : "it was confirmed, but cannot be read back";
  const failure = new Failure("outcomeUnknown", `${name} may hold either value: ${why}`);
  return { failure, isUnchanged: false };
}

/**
 * Exceptions that say that the device has not begun with it: it does not know the function, the register
 * or the value, or is busy. Any other leaves it open: 11 may come of an answer lost behind a gateway, 4 of
 * a device that failed at it half-way.
 */
const nothingDone: ReadonlySet<number> = new Set([1, 2, 3, 6]);

/** What the device holds once it holds what it was told, or after the last look. */
async function readBack({ line, target, words, clock }: WriteParts): Promise<PointNow | undefined> {
  let found: PointNow | undefined;
  if (!target.readBack) return found;
  for (const waitMs of lookAgainMs) {
    await clock.pause(waitMs);
    found = await pointNow(target.readBack, line).catch((error: unknown) => {
      if (error instanceof ModbusError) return undefined;
      throw error;
    });
    if (holds(found, words)) return found;
  }
  return found;
}

function holds(found: PointNow | undefined, words: readonly number[] | undefined): boolean {
  return found !== undefined && words !== undefined && found.words.join() === words.join();
}

function given(found: PointNow | undefined): { readonly found?: PointNow } {
  return found ? { found } : {};
}
