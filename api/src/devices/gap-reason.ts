import { type Place, sunPosition } from "@sunledger/model/performance";
import type { Window } from "../frames/bucket-size.ts";

/** A device of the same gateway, and where it was silent: what it says of another's silence. */
export type Witness = {
  /** Whether it may sleep in the dark. */
  readonly isInverter: boolean;
  readonly gaps: readonly Window[];
};

/** The sleep of those whose gap it is. */
export type Sleep = {
  /** Whether they may sleep in the dark. */
  readonly mayBe: boolean;
  /** Whether their gateway told that they slept during the gap. */
  readonly wasTold: boolean;
};

/** The share of a gap that a witness has to be silent in for the same reason to hold for both. */
const sameSilence = 0.8;
/** The sun's centre is half a degree and some refraction below the horizon at its setting. */
const horizon = 90.8;

/**
 * Why nothing came during a gap that is over: all devices of the gateway were silent, and so it was
 * the gateway; or they slept, as it told; or others did report, and so it was the device. Inverters
 * sleep in the dark, which tells nothing and is no failing; without a witness nobody knows.
 */
export function closedGapReason(
  gap: Window,
  sleep: Sleep,
  witnesses: readonly Witness[],
  place: Place,
): "gatewayOffline" | "unreachable" | "asleep" | "noData" {
  const isDark = sunPosition((gap.from + gap.to) / 2, place).zenith > horizon;
  const maySleep = isDark || sleep.wasTold;
  const telling = witnesses.filter(({ isInverter }) => !(isInverter && maySleep));
  const isGateway = telling.length > 0 && telling.every(({ gaps }) => isSilent(gaps, gap));
  if (isGateway) return "gatewayOffline";
  if (sleep.wasTold) return "asleep";
  return telling.length === 0 || (sleep.mayBe && isDark) ? "noData" : "unreachable";
}

/** Whether the gaps cover most of that one. */
export function isSilent(gaps: readonly Window[], { from, to }: Window): boolean {
  const silentMs = gaps.reduce(
    (sum, gap) => sum + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)),
    0,
  );
  return silentMs >= sameSilence * (to - from);
}
