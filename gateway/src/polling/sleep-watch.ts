import type { DeviceKind, OperatingState, Value } from "@sunledger/model";
import { type Place, sunPosition } from "@sunledger/model/performance";
import type { DeviceProfile } from "@sunledger/model/profile";
import type { PolledPoint } from "./polled-point.ts";
import type { Resolved, ResolvedValue } from "./resolve-values.ts";

/**
 * Whether an inverter does what its kind does at night (gateway trait 17). Where the place is known
 * the sun decides what is night; else the device's own last word does.
 */
export interface SleepWatch {
  /** Takes in what a round gave. */
  heard(resolved: ReadonlyMap<PolledPoint, Resolved>, kind: DeviceKind, at: number): void;
  /** Of a device that answers. */
  isAsleep(at: number): boolean;
  /** Of one that does not. */
  isSilentAsleep(at: number): boolean;
}

export type SleepParts = {
  readonly behaviour: DeviceProfile["behaviour"];
  readonly place?: Place | undefined;
};

/** Below this elevation of the sun, in degrees, inverters go to sleep and are not awake yet. */
const lowSun = 5;
/** Less than this is no generating. */
const idleWatts = 20;
/** At dawn it begins and gives up: what has not generated for so long is idle still. */
const waveringMs = 60_000;
/** What an inverter may take from the grid at night, unless it says itself that it sleeps. */
const nightWatts = 500;
/** Without the sun's word silence is sleep no longer than the longest night of a usual plant. */
const longestNightMs = 16 * 3_600_000;
const sleepyStates: ReadonlySet<OperatingState> = new Set(["sleeping", "standby", "shuttingDown"]);

export function sleepWatch({ behaviour, place }: SleepParts): SleepWatch {
  const night = behaviour?.night;
  const staysSilent = night === undefined || !night.startsWith("answers-");
  let isInverter: boolean | undefined;
  let watts = 0;
  let state: OperatingState | undefined;
  let heardAt = Number.NEGATIVE_INFINITY;
  let idleAt = Number.NEGATIVE_INFINITY;

  const maySleep = () =>
    // Of a map that any kind of device may have nothing is known before it was met.
    night !== "always-on" && (isInverter ?? night !== undefined);
  const isDark = (at: number) =>
    place === undefined ? undefined : 90 - sunPosition(at, place).zenith < lowSun;
  const saysItSleeps = () => state !== undefined && sleepyStates.has(state);
  const isIdle = (at: number) =>
    (watts < idleWatts || at - idleAt < waveringMs) && (watts > -nightWatts || saysItSleeps());
  const isSleepy = (at: number) => isIdle(at) && saysItSleeps();

  const heardPower = (value: Value, at: number) => {
    watts = Number(value);
    if (watts < idleWatts) idleAt = at;
  };

  return {
    heard(resolved, kind, at) {
      isInverter = kind === "inverter";
      heardAt = at;
      resolved.forEach((result, { name, commonStates }) => {
        if ("text" in result || saysNothing(result)) return;
        if (name === "ac.power.active") heardPower(result.value, at);
        // Code 0 is a state of its own with some: none is not it.
        if (name !== "state.operating" || result.value === null) return;
        state = commonStates?.get(Number(result.value));
      });
    },
    isAsleep: (at) => maySleep() && isIdle(at) && (isDark(at) ?? isSleepy(at)),
    isSilentAsleep(at) {
      if (!maySleep() || !staysSilent) return false;
      return isDark(at) ?? (isSleepy(at) && at - heardAt < longestNightMs);
    },
  };
}

/** What an inverter shows at night instead of its power is no fault of the reading, and counts. */
function saysNothing({ flag }: ResolvedValue): boolean {
  return flag === "failed" || flag === "invalid" || flag === "suspect";
}
