import type { WireEffect } from "./wire-effect.ts";

/** What an inverter can report of itself: the events that SunSpec's model 103 has bits for. */
export const troubles = [
  "ground-fault",
  "grid-loss",
  "over-voltage",
  "under-voltage",
  "over-frequency",
  "under-frequency",
  "over-temperature",
  "blown-string-fuse",
  "device-fault",
] as const;
export type Trouble = (typeof troubles)[number];

/** What one fault does at an instant; what it leaves alone is absent. */
export type FaultEffect = {
  /** The inverters it concerns stop. */
  readonly stopped?: true;
  /** It is over, and for so long the inverters that it had stopped could start, milliseconds. */
  readonly waitedMs?: number;
  readonly trouble?: Trouble;
  /** The share of their rating that they may give. */
  readonly limit?: number;
  /** What is left of the light on all of their strings. */
  readonly kept?: number;
  /** What is left of the current of single strings. */
  readonly strings?: { readonly numbers: readonly number[]; readonly kept: number };
  /** How much warmer it is around them, °C. */
  readonly heat?: number;
  /** Their insulation against earth at most, ohms. */
  readonly insulation?: number;
  /** What is left of the voltage of each phase of the grid. */
  readonly phases?: readonly [number, number, number];
  /** What is added to the grid's frequency. */
  readonly hertz?: number;
  /** What a sensor of irradiance shows of the true light. */
  readonly shown?: number;
  /** What it makes of values on their way to the registers; `undefined` is the device's mark for none. */
  readonly alters?: {
    readonly points: readonly string[];
    alter(value: number, point: string): number | undefined;
  };
  /** Numbers that stand the wrong way round in their registers, byte by byte or word by word. */
  readonly swaps?: { readonly points: readonly string[]; readonly order: "bytes" | "words" };
  /** How much the device's clock is ahead, milliseconds; negative where it is behind. */
  readonly clockAheadMs?: number;
  /** The meter counts import as export. */
  readonly reversed?: true;
  /** The device answers nobody. */
  readonly silent?: true;
  /** What it makes of requests and answers on the device's own line. */
  readonly wire?: WireEffect;
  /** Its counters go on from here at the instant the fault begins, watt-hours. */
  readonly countersFrom?: number;
};

/** When and where a fault acts, and where the sun stands then. */
export type FaultMoment = {
  /** Unix milliseconds. */
  readonly at: number;
  /** The plant's. */
  readonly timeZone: string;
  /** Degrees; absent at night. */
  readonly sun?: { readonly zenith: number; readonly azimuth: number } | undefined;
  /** When it rained last since an instant, Unix milliseconds; `undefined`: it has not. */
  readonly rainedSince?: (since: number) => number | undefined;
};
