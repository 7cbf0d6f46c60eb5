import { type ConfiguredExchange, type DeviceEvent, devicePlace } from "@sunledger/model";
import { decimalOfText, minus, timesTenTo } from "@sunledger/model/decimal";
import type { DeviceProfile } from "@sunledger/model/profile";
import type { PolledPoint } from "../polled-point.ts";
import type { Count, Resolved } from "../resolve-values.ts";
import { DeviceMemory, type Silence } from "./counter-memory.ts";
import { type CounterFacts, judgeCounter, judgeReplaced } from "./judge-counter.ts";
import { likeliestOf, readAfter, recentOf, silencesUntil } from "./silences.ts";
import { turningCounts } from "./turning-counts.ts";

/** Something that happened to a device; most have no id yet. */
export type Happening = Omit<DeviceEvent, "id" | "device"> & Partial<Pick<DeviceEvent, "id">>;

/** Watches the counters of one device (gateway traits 15 and 16). */
export interface CounterGuard {
  /** The same round with every counter that is in doubt flagged `suspect`, and what was noticed. */
  judge(
    resolved: ReadonlyMap<PolledPoint, Resolved>,
    at: number,
    serial?: string,
  ): {
    readonly resolved: ReadonlyMap<PolledPoint, Resolved>;
    readonly happenings: readonly Happening[];
    /** What must be known after a restart; absent when no counter was read. */
    readonly memory?: DeviceMemory;
  };
  /** The device did not answer: until it is heard again another one may take its place. */
  missed(): void;
}

export type GuardParts = {
  readonly behaviour: DeviceProfile["behaviour"];
  /** What was remembered when the gateway last ran. */
  readonly memory?: unknown;
  /** How the device came, where somebody had to say so. */
  readonly exchange?: ConfiguredExchange | undefined;
  /** Its address. */
  readonly url?: string;
};

/** A configuration that was in force for so long, without a restart, is rolled back no more. */
const provenMs = 10 * 60_000;

export function counterGuard({ behaviour, memory, exchange, url }: GuardParts): CounterGuard {
  const found = DeviceMemory.safeParse(memory).data;
  const points = new Map(Object.entries(found?.points ?? {}));
  /** Counters that have not been read yet since another device took the place. */
  const orphaned = new Set(found?.orphaned);
  const place = url === undefined ? undefined : devicePlace(url);
  const noted = new Set(found?.exchanged ?? (found?.exchange && [found.exchange.id]));
  let isToldAnew = exchange?.id !== found?.exchange?.id;
  let onTrial = found?.onTrial ?? false;
  let silences: readonly Silence[] = found?.silences ?? [];
  /** Also what passed while the gateway was off. */
  let wasMissed = true;
  let firstAt: number | undefined;
  let heardAt = found?.heardAt;
  let knownSerial = found?.serial;
  let mostWatts = found?.mostWatts ?? 0;
  const zerosAsleep = behaviour?.night !== "always-on";

  /** Also of the way back, when the configuration that brought the device did not prove itself. */
  const noteExchange = (at: number): Happening[] => {
    if (!isToldAnew) return [];
    isToldAnew = false;
    const last = found?.exchange;
    const isTakenBack = onTrial && last !== undefined;
    onTrial = false;
    if (exchange && !noted.has(exchange.id)) {
      noted.add(exchange.id);
      onTrial = true;
      const { id, by, before, after } = exchange;
      const came = beginAnew(at);
      // A gateway that remembers nothing may say it again: the same id makes it the same event.
      const whose = { by: { ...by, command: id }, ...(!found && { id }) };
      return [{ ...replacedAt(came.at, before, after), ...whose }, ...came.resets];
    }
    // An older configuration in force again, or the file, says nothing of the device that stands there.
    if (!isTakenBack) return [];
    noted.delete(last.id);
    orphanAll();
    return [replacedAt(at, last.after, last.before)];
  };

  const orphanAll = () => {
    knownSerial = undefined;
    silences = [];
    for (const name of points.keys()) orphaned.add(name);
  };

  /**
   * Another device stands there, since one of the silences of its last day where it is that of this place.
   * Nobody knows which: over none of them anything is counted, for it may be what nobody made.
   */
  const beginAnew = (at: number): { readonly at: number; readonly resets: Happening[] } => {
    const isInPlace = place !== undefined && place === found?.place;
    const since = isInPlace ? recentOf(silences, at) : [];
    orphanAll();
    const newest = since.at(-1);
    for (const [name, { last, at: lastAt }] of newest ? points : []) {
      const entry = newest?.points[name];
      // What was not read since begins with its next reading.
      if (entry && !entry.after) continue;
      orphaned.delete(name);
      points.set(name, { since: entry?.after?.at ?? newest?.at ?? at, last, at: lastAt });
    }
    return { at: likeliestOf(since)?.at ?? at, resets: since.flatMap(resetsOver) };
  };

  const noteSerial = (serial: string | undefined, at: number): Happening[] => {
    if (serial === undefined || serial === knownSerial) return [];
    const before = knownSerial;
    knownSerial = serial;
    if (before === undefined) return [];
    for (const name of points.keys()) orphaned.add(name);
    return [replacedAt(at, before, serial)];
  };

  const judgeOne = (point: PolledPoint, text: string, count: Count, at: number) => {
    const { name } = point;
    const reading = { value: decimalOfText(text), at };
    const remembered = points.get(name);
    const verdict = orphaned.delete(name)
      ? judgeReplaced(remembered, reading)
      : judgeCounter(remembered, reading, factsOf(point, count, { zerosAsleep, mostWatts }));
    if (verdict.memory) points.set(name, verdict.memory);
    silences = readAfter(silences, name, { value: text, at }, verdict);
    return verdict;
  };

  const memoryNow = (): DeviceMemory => ({
    points: Object.fromEntries(points),
    // What is absent takes the place of what was remembered before.
    ...{ serial: knownSerial, exchange, mostWatts: mostWatts > 0 ? mostWatts : undefined },
    ...{ onTrial: onTrial || undefined, place, heardAt },
    silences: silences.length > 0 ? [...silences] : undefined,
    exchanged: noted.size > 0 ? [...noted] : undefined,
    orphaned: orphaned.size > 0 ? [...orphaned] : undefined,
  });

  return {
    judge(resolved, at, serial) {
      if (wasMissed) silences = silencesUntil(silences, { points, heardAt, at });
      wasMissed = false;
      heardAt = at;
      firstAt ??= at;
      if (at - firstAt >= provenMs) onTrial = false;
      const happenings = [...noteExchange(at), ...noteSerial(serial, at)];
      if (happenings.length > 0) mostWatts = 0;
      let isCounted = happenings.length > 0;
      resolved.forEach((result, { unit }) => {
        if (unit === "W") mostWatts = Math.max(mostWatts, wattsOf(result));
      });
      const suspects: [PolledPoint, Resolved][] = [];
      resolved.forEach((result, point) => {
        if (!("count" in result) || !result.count || result.value === null) return;
        const { good, event } = judgeOne(point, String(result.value), result.count, at);
        isCounted = true;
        if (!good) suspects.push([point, { value: result.value, flag: "suspect" }]);
        if (event) happenings.push({ point: point.name, ...event });
      });
      if (!isCounted) return { resolved, happenings };
      silences = recentOf(silences, at);
      const judged = suspects.length > 0 ? new Map([...resolved, ...suspects]) : resolved;
      return { resolved: judged, happenings, memory: memoryNow() };
    },

    missed() {
      wasMissed = true;
    },
  };
}

function replacedAt(at: number, before: string, after: string): Happening {
  return { point: "id.serial", kind: "replaced", at, before, after };
}

/** A counter that fell and was not told of counts days, months or years: it began anew by itself. */
function resetsOver({ points }: Silence): Happening[] {
  return Object.entries(points).flatMap(([point, { before, after }]) => {
    const rise = after && minus(decimalOfText(after.value), decimalOfText(before));
    if (!rise || rise.digits <= 0n) return [];
    return [{ point, kind: "reset" as const, at: after.at, before, after: after.value }];
  });
}

/** Digits of a floating-point register that count: a meter in kWh shows watt-hours. */
const floatDigits = -3;

/** Between two readings it may have been above all the power that was read, but not by more. */
const mostTimesWatts = 10;
const hourMs = 3_600_000;

type DeviceFacts = { readonly zerosAsleep: boolean; readonly mostWatts: number };

function factsOf(
  { kind, unit }: PolledPoint,
  { register, step }: Count,
  { zerosAsleep, mostWatts }: DeviceFacts,
): CounterFacts {
  const isBound = unit === "Wh" && mostWatts > 0;
  return {
    kind: kind === "daily" || kind === "monthly" || kind === "yearly" ? kind : "counter",
    step: register.type.startsWith("float") ? timesTenTo(step, floatDigits) : step,
    turns: turningCounts(register),
    zerosAsleep,
    ...(isBound && { mostRate: (mostTimesWatts * mostWatts) / hourMs }),
  };
}

function wattsOf(result: Resolved): number {
  const isGood = "value" in result && result.flag === undefined;
  return isGood && typeof result.value === "number" ? Math.abs(result.value) : 0;
}
