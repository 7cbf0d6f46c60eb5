import type { WrittenPoint } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { CommandRules } from "../config.ts";
import type { Happening } from "../polling/counters/counter-guard.ts";
import { type AllowedWrite, type AllowedWriteParts, allowedWrite } from "./allowed-write.ts";
import type { CommandBook } from "./command-book.ts";
import { Failure, failureOf } from "./failure.ts";
import type { Hold } from "./hold.ts";
import type { HoldKeeper } from "./hold-keeper.ts";
import type { InHand, OrderOf, Outcome } from "./order.ts";
import { permittedBounds } from "./permissions.ts";
import type { PointNow } from "./point-now.ts";
import { longestRampS, rampSeconds } from "./ramp.ts";
import { Refusal } from "./refusal.ts";
import { isOn, switchedBy } from "./set-point-switch.ts";
import type { TargetPoint } from "./target-point.ts";
import { plannedSteps, StepFailure, turnOn, writeSteps } from "./write-steps.ts";

export type SetPointParts = AllowedWriteParts & {
  readonly clock: Clock;
  readonly book: CommandBook;
  readonly holds: HoldKeeper;
  readonly note: (device: string, happenings: readonly Happening[]) => void;
};

/** Brings a set-point to a value. Rejects with a `Refusal` or a `Failure`. */
export async function setPoint(
  order: OrderOf<"set">,
  hand: InHand,
  parts: SetPointParts,
): Promise<Outcome> {
  const { device: tag, point } = order;
  const { holds } = parts;
  const outcome = await holds.exclusively(tag, point, () => setAlone(order, hand, parts));
  if (outcome === "busy") throw new Refusal("busy", `${point} of ${tag} is being written`);
  return outcome;
}

async function setAlone(
  order: OrderOf<"set">,
  hand: InHand,
  parts: SetPointParts,
): Promise<Outcome> {
  const { clock, holds } = parts;
  const allowed = await allowedWrite(order, hand.signal, parts);
  const { line, target, now, words } = allowed;
  checkManner(order, allowed);
  const steps = plannedSteps(order, allowed);
  checkRates(order, allowed, permittedBounds(parts.own(), line.config, order.point).rules, parts);
  hand.stillCounts();

  const before = holds.find(order.device, order.point);
  const stood = before && stillStands(before, allowed) ? before : undefined;
  const needed = allowed.switch && !isOn(allowed.switch) ? switchedBy(allowed.switch) : undefined;
  const hold = holdFor(order, allowed, { hand, stood, needed, at: clock.now() });
  const written = (found?: PointNow): WrittenPoint => ({
    ...{ device: order.device, point: order.point, unit: target.unit },
    ...{ value: order.value, words: [...words] },
    ...(now && { previous: now.value }),
    ...(found && { readBack: found.value }),
    ...(hold.revertAt !== undefined && { revertAt: hold.revertAt }),
  });

  // On disk before the device hears of it: what happens in between is brought back all the same.
  holds.keep(hold);
  hand.accepted();
  const onSwitched = () => {
    if (needed) noteSwitch("written", hold, needed, parts);
  };
  try {
    // A device that keeps it in flash is not told what it holds already.
    if (target.isInFlash && now?.words.join() === words.join()) {
      await turnOn(now, order, allowed, { ...parts, onSwitched });
      return { written: written(now) };
    }
    const found = await writeSteps(steps, order, allowed, hand, { ...parts, onSwitched });
    noteEvent("written", hold, now, parts);
    return { written: written(found) };
  } catch (error) {
    const { code, message } = failureOf(error);
    const { found, isUnchanged } = error instanceof StepFailure ? error : unknownStep;
    const reached = holds.find(order.device, order.point) ?? hold;
    if (!isUnchanged) noteEvent("written", reached, now, parts);
    else if (before) holds.keep(before);
    else holds.drop(hold);
    throw new Failure(code, message, written(found));
  }
}

type HoldParts = {
  readonly hand: InHand;
  /** The one that stood before, on the same device. */
  readonly stood: Hold | undefined;
  /** What has to be switched on for it. */
  readonly needed: Hold["switch"];
  readonly at: number;
};

/** What comes back after it is what stood before the first order that still stands. */
function holdFor(
  { device, point, value, revertAfterMs }: OrderOf<"set">,
  { line, target, now, words }: AllowedWrite,
  { hand, stood, needed, at }: HoldParts,
): Hold {
  const previous = stood?.previous ?? (now && { words: [...now.words], value: now.value });
  const switched = stood?.switch ?? needed;
  const beneath = revertAfterMs === undefined ? undefined : standingBeneath(stood);
  return {
    ...{ device, point, url: line.config.url },
    ...{ command: hand.id, by: hand.by, words: [...words], value },
    ...(previous && { previous }),
    ...(switched && { switch: switched }),
    ...(beneath && { beneath }),
    ...(revertAfterMs !== undefined && { revertAt: at + revertAfterMs }),
    ...holdTimes(target),
  };
}

/** The same device holds what was written, as far as that can be read. */
function stillStands({ url, words }: Hold, { line, now }: AllowedWrite): boolean {
  return url === line.config.url && (!now || now.words.join() === words.join());
}

/** The order without an end that an order for a time interrupts, itself or through the one before. */
function standingBeneath(stood: Hold | undefined): Hold["beneath"] {
  if (stood?.revertAt !== undefined) return stood.beneath;
  return stood;
}

function checkManner(
  { rampPerSecond, revertAfterMs, point, value }: OrderOf<"set">,
  { target, now }: AllowedWrite,
): void {
  if (rampPerSecond !== undefined && target.isInFlash) {
    throw new Refusal("flash", `${point} may be kept in flash: it is not ramped`);
  }
  if (rampPerSecond !== undefined) {
    const from = now?.value;
    if (typeof from !== "number") {
      throw new Refusal("notWritable", `${point} cannot be read, so that a ramp has no beginning`);
    }
    const seconds = rampSeconds({ from, to: value, perSecond: rampPerSecond });
    checkRamp(seconds, revertAfterMs);
  }
  const fallsBack = target.rules.revertAfterS !== undefined;
  if (revertAfterMs !== undefined && !now && !fallsBack) {
    throw new Refusal("cannotRevert", `what ${point} holds cannot be read, to be brought back`);
  }
}

function checkRamp(seconds: number, revertAfterMs: number | undefined): void {
  if (seconds > longestRampS) {
    const reason = `the ramp would take ${seconds} s, and ${longestRampS} s are the most: order a steeper one, or go by parts`;
    throw new Refusal("outOfRange", reason);
  }
  if (revertAfterMs !== undefined && seconds * 1_000 >= revertAfterMs) {
    const reason = `the ramp takes ${seconds} s, and is brought back after ${revertAfterMs / 1_000} s: order a steeper one, or a longer time`;
    throw new Refusal("outOfRange", reason);
  }
}

const oneMinuteMs = 60_000;
const oneDayMs = 86_400_000;

function checkRates(
  { device, point, revertAfterMs }: OrderOf<"set">,
  { target, now, words }: AllowedWrite,
  { writesAMinute, flashWritesADay }: CommandRules,
  { book, clock }: SetPointParts,
): void {
  const at = clock.now();
  if (book.writesWithin(device, point, oneMinuteMs, at) >= writesAMinute) {
    throw new Refusal("rateLimited", `${point} is written ${writesAMinute} times a minute at most`);
  }
  if (!target.isInFlash || now?.words.join() === words.join()) return;
  const wanted = revertAfterMs === undefined ? 1 : 2;
  const left = flashWritesADay - book.writesWithin(device, point, oneDayMs, at);
  if (left < wanted) {
    const reason = `${point} may be kept in flash: of ${flashWritesADay} writes a day ${Math.max(0, left)} are left, and this takes ${wanted}`;
    throw new Refusal("flash", reason);
  }
}

function holdTimes({ rules }: TargetPoint): Pick<Hold, "refreshMs" | "fallsBackMs"> {
  const { refreshS, revertAfterS } = rules;
  return {
    ...(refreshS !== undefined && rules.persistent === false && { refreshMs: refreshS * 1_000 }),
    ...(revertAfterS !== undefined && { fallsBackMs: revertAfterS * 1_000 }),
  };
}

const unknownStep = { found: undefined, isUnchanged: false };

/** Keeps on record what was written, by whom, and what stood there before. */
export function noteEvent(
  kind: "written" | "reverted",
  hold: Hold,
  before: Pick<PointNow, "value"> | undefined,
  { clock, note }: Pick<SetPointParts, "clock" | "note">,
): void {
  const after = kind === "written" ? hold.value : (hold.previous?.value ?? null);
  const by = { ...hold.by, command: hold.command };
  const values = { before: String(before?.value ?? ""), after: String(after ?? "") };
  note(hold.device, [{ point: hold.point, kind, at: clock.now(), ...values, by }]);
  if (kind === "reverted" && hold.switch) noteSwitch(kind, hold, hold.switch, { clock, note });
}

function noteSwitch(
  kind: "written" | "reverted",
  { device, by: person, command }: Hold,
  { point, value, previous }: NonNullable<Hold["switch"]>,
  { clock, note }: Pick<SetPointParts, "clock" | "note">,
): void {
  const [off, on] = [String(previous.value ?? ""), String(value)];
  const values = kind === "written" ? { before: off, after: on } : { before: on, after: off };
  note(device, [{ point, kind, at: clock.now(), ...values, by: { ...person, command } }]);
}
