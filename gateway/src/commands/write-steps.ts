import type { Value } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { AllowedWrite } from "./allowed-write.ts";
import type { CommandBook } from "./command-book.ts";
import { Failure } from "./failure.ts";
import type { HoldKeeper } from "./hold-keeper.ts";
import type { InHand, OrderOf } from "./order.ts";
import type { PointNow } from "./point-now.ts";
import { type RampValue, rampSteps } from "./ramp.ts";
import { isOn, switchOn } from "./set-point-switch.ts";
import { wordsFor } from "./words-for.ts";
import { writeChecked } from "./write-checked.ts";

/** A step that failed, and what the device was found to hold after it. */
export class StepFailure extends Failure {
  readonly found: PointNow | undefined;
  /** The device holds what it held before the first step. */
  readonly isUnchanged: boolean;

  constructor({ code, message }: Failure, found: PointNow | undefined, isUnchanged: boolean) {
    super(code, message);
    this.found = found;
    this.isUnchanged = isUnchanged;
  }
}

/** What is written at once on the way to the value that was ordered. */
export type RampStep = RampValue & { readonly words: readonly number[] };

export type WriteStepsParts = {
  readonly clock: Clock;
  readonly book: CommandBook;
  readonly holds: Pick<HoldKeeper, "keepWords" | "overdue">;
  /** What the set-point needs to be on was switched on. */
  readonly onSwitched: () => void;
};

const oneSecondMs = 1_000;

/**
 * The ordered value, and what comes before it where a ramp was asked for. Throws a `Refusal` where a step
 * cannot be held. Bounds are those of the value: the way to it may begin outside.
 */
export function plannedSteps(
  { value, rampPerSecond }: OrderOf<"set">,
  { target, now, words }: AllowedWrite,
): readonly RampStep[] {
  const from = now?.value;
  if (rampPerSecond === undefined || typeof from !== "number") return [{ value, words, second: 1 }];
  const { step = 1 } = target.rules;
  const values = rampSteps({ from, to: value, perSecond: rampPerSecond, step });
  const wordsOf = (between: number) => wordsFor(between, target, { power: now?.power ?? 0 }, []);
  return values.map((one, i) => {
    const isLast = i === values.length - 1;
    return { ...one, words: isLast ? words : wordsOf(one.value) };
  });
}

/**
 * Writes them one after the other; what the device was found to hold at the end. A ramp that a slow device
 * draws out beyond the time of its order ends where it is, for then it is brought back.
 */
export async function writeSteps(
  steps: readonly RampStep[],
  order: OrderOf<"set">,
  allowed: AllowedWrite,
  hand: InHand,
  parts: WriteStepsParts,
): Promise<PointNow | undefined> {
  const { target, now } = allowed;
  const { device, point } = order;
  const from = now?.value;
  let held = now;
  const overdue = parts.holds.overdue(device, point);
  const ended = AbortSignal.any([hand.signal, overdue]);
  const untilSecond = async (second: number, from: number) => {
    if (second > from) await parts.clock.wait((second - from) * oneSecondMs, ended);
  };
  let due = untilSecond(steps[0]?.second ?? 1, 1);
  for (const [i, { value, words, second }] of steps.entries()) {
    const next = steps[i + 1];
    await due;
    if (ended.aborted) throw stopped(held, from, { isOverdue: overdue.aborted });
    // From one telling to the next: what the device takes for its answer is part of the rest between, but
    // not what the line took until the device was told.
    const rest = () => {
      if (next) due = untilSecond(next.second, second);
    };
    rest();
    parts.holds.keepWords(device, point, words, value);
    const step = { value, words, second, held, isFirst: i === 0, onSend: rest };
    held = (await writeStep(step, order, allowed, parts)) ?? held;
    if (i === 0) await turnOn(held, order, allowed, parts);
    const { unit } = target;
    if (next) hand.progress({ written: { device, point, unit, value, words: [...words] } });
  }
  return held;
}

type Step = RampStep & {
  readonly held: PointNow | undefined;
  readonly isFirst: boolean;
  readonly onSend: () => void;
};

async function writeStep(
  { value, words, held, isFirst, onSend }: Step,
  { device, point }: OrderOf<"set">,
  { line, target }: AllowedWrite,
  { clock, book, holds }: WriteStepsParts,
): Promise<PointNow | undefined> {
  // A ramp is one order of the few that are allowed a minute. What flash keeps is never ramped.
  if (isFirst) book.noteWrite(device, point, clock.now());
  const checked = { line, target, clock, words, before: held?.words, onSend };
  const { failure, found, isUnchanged } = await writeChecked(checked);
  if (!failure) return found;
  if (isUnchanged && isFirst) throw new StepFailure(failure, found, true);
  // What the device made of it is what will be brought back.
  if (found) holds.keepWords(device, point, found.words, found.value ?? value);
  throw new StepFailure(failure, found, false);
}

/** What the set-point needs to be on is switched on once it holds a value that was ordered. */
export async function turnOn(
  held: PointNow | undefined,
  { device }: OrderOf<"set">,
  { line, switch: needed }: AllowedWrite,
  { clock, book, onSwitched }: Pick<WriteStepsParts, "clock" | "book" | "onSwitched">,
): Promise<void> {
  if (!needed || isOn(needed)) return;
  book.noteWrite(device, needed.target.name, clock.now());
  try {
    await switchOn(needed, { line, clock });
  } catch (error) {
    throw error instanceof Failure ? new StepFailure(error, held, false) : error;
  }
  onSwitched();
}

function stopped(
  held: PointNow | undefined,
  from: Value | undefined,
  { isOverdue }: { readonly isOverdue: boolean },
): Failure {
  const why = isOverdue ? "its time was over, and it was stopped" : "it was cancelled";
  const failure = new Failure("cancelled", `${why} at ${held?.value ?? "its beginning"}`);
  return new StepFailure(failure, held, held?.value === from);
}
