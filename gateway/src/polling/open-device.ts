import { addressOf } from "@sunledger/model/device-url";
import type { Place } from "@sunledger/model/performance";
import type { Clock } from "@sunledger/runtime";
import { traceLine } from "../modbus/line-trace.ts";
import type { LinkLog } from "../modbus/link.ts";
import type { Links } from "../modbus/links.ts";
import { isUnreachable, ModbusError } from "../modbus/modbus-error.ts";
import type { PointReader, ReadRegisters } from "../modbus/point-reader.ts";
import type { RegisterPoint } from "../modbus/register-point.ts";
import { factorsOf } from "../profiles/addressed-points.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { areInPlace } from "../sunspec/model-heads.ts";
import type { SunspecModels } from "../sunspec/models.ts";
import { announcementKeeper } from "./announcement-keeper.ts";
import { baseFinder } from "./base-finder.ts";
import { childWatch } from "./child-watch.ts";
import { type CounterGuard, counterGuard } from "./counters/counter-guard.ts";
import type { Device } from "./device.ts";
import type { DeviceConfig } from "./device-config.ts";
import {
  intervalOf,
  limitedBy,
  lineMannersOf,
  requestMannersOf,
  rulesOf,
} from "./device-limits.ts";
import type { DeviceLine } from "./device-line.ts";
import { type DueIn, duePoints } from "./due-points.ts";
import { framesOf } from "./frames-of.ts";
import { type Identified, identifyDevice, isSameMap } from "./identify.ts";
import { type PollClass, type PollIntervals, pollClasses } from "./poll-class.ts";
import type { Polled } from "./polled.ts";
import { type PolledPoint, polledPoints } from "./polled-point.ts";
import { probeOf } from "./probe-of.ts";
import { reachKeeper } from "./reach.ts";
import { readerKeeper } from "./reader-keeper.ts";
import { type Resolved, type Resolver, resolver } from "./resolve-values.ts";
import { sleepWatch } from "./sleep-watch.ts";

export type DeviceParts = {
  readonly config: DeviceConfig;
  readonly profiles: Profiles;
  readonly models: SunspecModels;
  readonly links: Links;
  readonly clock: Clock;
  /** The interval of each poll class, as the installation sets it. */
  readonly classes: PollIntervals;
  readonly log: LinkLog;
  /** What was noted of the device when the gateway last ran. */
  readonly memory?: unknown;
  /** Where the device stands. */
  readonly place?: Place | undefined;
};

/** What is known of a device as long as its connection lasts. */
type Acquaintance = {
  readonly identified: Identified;
  readonly points: readonly PolledPoint[];
  readonly reader: PointReader;
  readonly dueIn: DueIn;
  /** The connection's; another one may lead to a device that was restarted. */
  readonly generation: number;
};

/** What a round brought. */
type Round = ReadonlyMap<PolledPoint, Resolved>;

/** A device of the gateway's configuration. Throws when its profile is unknown. */
export function openDevice({ config, profiles, models, ...parts }: DeviceParts): Device {
  const { links, clock, classes, log } = parts;
  const { tag } = config;
  const profile = profiles.get(config.profile);
  if (!profile) throw new Error(`device ${tag}: there is no profile ${config.profile}`);
  const { line: address, unit, chainDevice } = addressOf(config.url);
  const link = links.to(address);
  const child = childWatch(profile, profiles);
  let master = child.master();
  let limited = limitedBy(profile, master);
  let line = lineMannersOf(limited);
  let unbind = link.bind(line);
  const mannersNow = () => ({ ...requestMannersOf(limited, unit), part: chainDevice });
  let manners = mannersNow();
  const everyMs = (pollClass: PollClass) => intervalOf(pollClass, classes, limited);

  const reach = reachKeeper(clock.now());
  const factors = factorsOf(profile);
  const values: Resolver = resolver(config.ratios, (name) => factors.has(name));
  const guard = counterGuard({
    ...{ behaviour: profile.behaviour, memory: parts.memory },
    ...{ exchange: config.exchange, url: config.url },
  });
  const sleep = sleepWatch({ behaviour: profile.behaviour, place: parts.place });
  const texts = new Map<string, string>();
  let known: Acquaintance | undefined;
  let map: Identified["found"] | undefined;
  const base = baseFinder(profile);
  const announced = announcementKeeper({ tag, profile, everyMs });
  /** Trials that had less than the device's own time, in a row. */
  let shortTrials = 0;
  /** How often it was silent since it last answered, not counting what its line has failed. */
  let silences = 0;
  let hasAnswered = false;
  const readers = readerKeeper();
  /** It is not known which device this is: it said so before, and did not on this connection. */
  let isNameless = false;

  const readWith = (signal: AbortSignal): ReadRegisters => {
    return (span) => link.read(span, manners, signal);
  };

  /** The limits of a master that turned out to stand between bind from now on, too. */
  const obeyMaster = () => {
    if (master === child.master()) return;
    master = child.master();
    limited = limitedBy(profile, master);
    line = lineMannersOf(limited);
    unbind();
    unbind = link.bind(line);
    manners = mannersNow();
  };

  const readerOf = (points: readonly PolledPoint[]) =>
    readers.readerFor({ points, rules: rulesOf(limited, address), window: line.window ?? 1 });

  const meet = async (signal: AbortSignal): Promise<Acquaintance> => {
    await link.connect(signal);
    const generation = link.generation();
    const read = readWith(signal);
    const identified = await identifyDevice({
      ...{ profile, models, chainDevice, base: base.first(), read },
    });
    // Not before: whoever is silent altogether is not waited for twice.
    await child.meet(read, clock.now()).finally(obeyMaster);
    base.found(identified.chain?.base);
    if (map && !isSameMap(map, identified.found)) log.info({ tag }, "the register map has moved");
    map = identified.found;
    const points = polledPoints(identified.found, profile, config.points);
    return {
      identified,
      points,
      dueIn: duePoints(points, identified.heads),
      reader: readerOf(points),
      generation,
    };
  };

  const announce = ({ identified: { kind }, points, reader }: Acquaintance, at: number) =>
    announced.note({ kind, points, reader, texts }, at);

  const lost = (at: number, error: unknown, signal: AbortSignal) => {
    if (signal.aborted) return;
    guard.missed();
    if (!(error instanceof ModbusError && error.kind === "connection")) silences += 1;
    const isAsleep = error instanceof ModbusError && sleep.isSilentAsleep(at);
    if (!reach.lost(at, error, isAsleep)) return;
    if (reach.now().state === "asleep") log.info({ tag }, "device sleeps");
    else log.warn({ tag, err: error }, "device unreachable");
  };

  const readRound = async (
    reader: PointReader,
    registers: readonly RegisterPoint[],
    signal: AbortSignal,
  ) => {
    const before = [...reader.refused.keys()];
    const decoded = await reader.read(registers, readWith(signal));
    const refused = [...reader.refused.keys()].filter((point) => !before.includes(point));
    if (refused.length > 0) {
      log.warn({ tag, registers: refused.map(({ source }) => source) }, "registers refused");
    }
    return decoded;
  };

  /** `undefined` where the map has moved meanwhile. */
  const readPoints = async (
    { reader, dueIn, identified }: Acquaintance,
    due: ReadonlySet<PollClass>,
    signal: AbortSignal,
  ): Promise<Round | undefined> => {
    const { points, registers } = dueIn(due);
    const decoded = await readRound(reader, registers, signal);
    return areInPlace(decoded, identified.heads) ? values.resolve(points, decoded) : undefined;
  };

  const noteTexts = (round: Round) => {
    for (const [name, text] of child.texts) texts.set(name, text);
    round.forEach((result, { name }) => {
      if ("text" in result) texts.set(name, result.text);
    });
  };

  /** It may be another device than before. */
  const meetAnew = async (signal: AbortSignal) => {
    values.forget();
    known = await meet(signal);
    return known;
  };

  const serialIn = (round: Round): string | undefined => {
    for (const [{ name }, result] of round) {
      if (name === serialName && "text" in result) return result.text;
    }
    return child.texts.get(serialName);
  };

  /**
   * The first round of a connection. Unless it shows the serial number of before, all that was learnt of
   * the device before is forgotten: what that one lacked is asked for, and what it was called is said no more.
   */
  const readAnew = async (current: Acquaintance, signal: AbortSignal) => {
    const before = texts.get(serialName);
    const round = await readPoints(current, everyClass, signal);
    if (!round || serialIn(round) === before) return round;
    texts.clear();
    if (!hasAnswered) return round;
    readers.forget();
    known = { ...current, reader: readerOf(current.points) };
    const again = await readPoints(known, everyClass, signal);
    isNameless = before !== undefined && again !== undefined && serialIn(again) === undefined;
    return again;
  };

  /**
   * A further round, with what is read once as long as it is not known who says it. `undefined` also where
   * another serial number shows: a device may be replaced without its converter's connection.
   */
  const readAgain = async (
    current: Acquaintance,
    due: ReadonlySet<PollClass>,
    signal: AbortSignal,
  ) => {
    const isOwed = isNameless && due.has("slow");
    const classes = isOwed ? new Set<PollClass>([...due, "once"]) : due;
    const round = await readPoints(current, classes, signal);
    const serial = round && classes.has("once") ? serialIn(round) : undefined;
    return serial === undefined || serial === texts.get(serialName) ? round : undefined;
  };

  const pollOnce = async (slot: number, due: ReadonlySet<PollClass>, signal: AbortSignal) => {
    const isNew = known?.generation !== link.generation();
    let current = known && !isNew ? known : await meetAnew(signal);
    readers.noteTime(slot);
    await child.check(readWith(signal), slot);
    let round = await (isNew ? readAnew(current, signal) : readAgain(current, due, signal));
    if (!round) {
      current = await meetAnew(signal);
      round = await readAnew(current, signal);
    }
    if (!round) throw new ModbusError("protocol", "its SunSpec map moves while it is read");
    noteTexts(round);
    if (texts.has(serialName)) isNameless = false;
    const judged = guard.judge(round, slot, texts.get(serialName));
    for (const happening of judged.happenings) log.warn({ tag, ...happening }, "device event");
    sleep.heard(round, current.identified.kind, slot);
    announce(known ?? current, slot);
    return withNotes(framesOf(tag, slot, judged.resolved), judged);
  };

  return {
    tag,
    everyMs,
    announcement: announced.last,
    reach: () => reach.now(),
    points: () => map,
    figures: () => ({
      ...link.figures(unit, chainDevice),
      missing: [...(known?.reader.missing ?? [])].map(({ name }) => name),
    }),

    trace: (bounds, shown) => traceLine(link, bounds, shown),

    async poll(slot, due, signal): Promise<Polled[]> {
      try {
        const polled = await pollOnce(slot, due, signal);
        const isAsleep = sleep.isAsleep(slot);
        if (reach.reached(slot, isAsleep)) log.info({ tag, isAsleep }, "device reached");
        silences = 0;
        hasAnswered = true;
        return polled;
      } catch (error) {
        known = undefined;
        lost(slot, error, signal);
        throw error;
      }
    },

    async line(signal) {
      // What is written is not seen to be of the wrong point afterwards: the map is walked again.
      const mayHaveMoved = profile.protocol === "sunspec";
      const isKnown = known?.generation === link.generation() && !mayHaveMoved;
      const { identified } = known && isKnown ? known : await meet(signal);
      await child.check(readWith(signal), clock.now());
      const write: DeviceLine["write"] = (span, onSend) =>
        link.write(span, manners, signal, onSend);
      const { found } = identified;
      return {
        config,
        profile,
        found,
        mayWrite: link.mayWrite(unit),
        rules: rulesOf(limited, address),
        read: readWith(signal),
        write,
      };
    },

    async tryOnce(signal) {
      const { responseTimeoutMs: fullMs } = manners;
      const isPatient = shortTrials >= shortTrialsEach;
      const isFresh = silences === 0 || (hasAnswered && silences <= freshTrials);
      const probe = probeOf(profile, base.toTry(isPatient));
      const trial = (responseTimeoutMs: number) => {
        shortTrials = responseTimeoutMs < fullMs ? shortTrials + 1 : 0;
        return link.read(probe, { ...manners, responseTimeoutMs }, signal);
      };
      try {
        await link.alone(trial, { fullMs, isPatient, isFresh }, signal);
      } catch (error) {
        const isAlive =
          error instanceof ModbusError && error.kind === "exception" && !isUnreachable(error);
        if (!isAlive) {
          lost(clock.now(), error, signal);
          throw error;
        }
      }
      base.answered(probe.address);
    },
  };
}

function withNotes(
  [first, ...others]: readonly Polled[],
  { happenings, memory }: ReturnType<CounterGuard["judge"]>,
): Polled[] {
  if (!first) return [];
  if (happenings.length === 0 && !memory) return [first, ...others];
  return [{ ...first, noted: { happenings, ...(memory && { memory }) } }, ...others];
}

/** A slow one that is back is still found: after so many trials one has all its time. */
const shortTrialsEach = 7;
/** So many trials follow the poll that was lost at once: that is no death. */
const freshTrials = 2;

/** Whose change is another device. */
const serialName = "id.serial";

const everyClass: ReadonlySet<PollClass> = new Set(pollClasses);
