import type { SimulatedInverter } from "../scenario/simulated-device.ts";

/** A set-point and what it holds. */
type Holds = readonly [point: string, value: number];

/** How a make takes a limit on its active power. */
type Manner = {
  /** The limit counts only while this holds. */
  readonly enabledBy?: Holds;
  /** While this holds the inverter gives nothing at all. */
  readonly stoppedBy?: Holds;
  /** So many seconds after the last writing the limit is no longer enabled; 0: never. */
  readonly lapsesAfter?: string;
};

/** After the makers' documents as the profiles cite them; the other makes take no such limit here. */
const manners: Partial<Record<SimulatedInverter["profile"], Manner>> = {
  // WMaxLim_Ena, Conn and WMaxLimPct_RvrtTms of the alliance's model 123.
  fronius: {
    enabledBy: ["setpoint.activePower.enable", 1],
    stoppedBy: ["setpoint.connect", 0],
    lapsesAfter: "setpoint.activePower.revertTime",
  },
  solaredge: {},
  "huawei-sun2000": {},
  "sungrow-sg": {
    enabledBy: ["setpoint.activePower.enable", 0xaa],
    stoppedBy: ["setpoint.onOff", 0xce],
  },
  "growatt-tl3x": { stoppedBy: ["setpoint.onOff", 0] },
  "growatt-tlx": { stoppedBy: ["setpoint.onOff", 0] },
  "solis-string": {},
};

/**
 * The share of its rating that an inverter may give by what was written to it: the lowest of a limit in percent
 * and one in watts, 1 where neither was written.
 */
export function writtenLimit(
  { profile, ratedAcW }: Pick<SimulatedInverter, "profile" | "ratedAcW">,
  written: Readonly<Record<string, number>>,
): number {
  const manner = manners[profile];
  const holds = (one: Holds | undefined) => one !== undefined && written[one[0]] === one[1];
  if (!manner) return 1;
  if (holds(manner.stoppedBy)) return 0;
  if (manner.enabledBy && !holds(manner.enabledBy)) return 1;
  const percent = written["setpoint.activePower.percent"] ?? 100;
  const watts = written["setpoint.activePower.watts"] ?? ratedAcW;
  return Math.min(1, Math.max(0, percent / 100), Math.max(0, watts / ratedAcW));
}

/** When a limit that was written at an instant lapses, and which set-point it takes back with it; absent: never. */
export function lapseOf(
  { profile }: Pick<SimulatedInverter, "profile">,
  written: Readonly<Record<string, number>>,
  at: number,
): { readonly at: number; readonly point: string } | undefined {
  const { lapsesAfter = "", enabledBy } = manners[profile] ?? {};
  const seconds = written[lapsesAfter] ?? 0;
  if (!enabledBy || seconds <= 0 || written[enabledBy[0]] !== enabledBy[1]) return undefined;
  return { at: at + seconds * 1_000, point: enabledBy[0] };
}
