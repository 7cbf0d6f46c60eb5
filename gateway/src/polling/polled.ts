import type { Lane, Quality, Value } from "@sunledger/model";
import type { AnnouncedMemory } from "./announced-notes.ts";
import type { Happening } from "./counters/counter-guard.ts";
import type { DeviceMemory } from "./counters/counter-memory.ts";
import type { SleepMemory } from "./sleep-notes.ts";

/** What one poll of one device gave in one lane: a frame before it has a number. */
export type Polled = {
  /** The device's tag. */
  readonly device: string;
  readonly lane: Lane;
  /** Unix milliseconds of the slot. */
  readonly at: number;
  readonly points: readonly string[];
  /** One for each point, in canonical units; `null` with a flag where there is none. */
  readonly values: readonly Value[];
  readonly quality?: Quality;
  /** What the poll noticed besides, kept together with its first frame. */
  readonly noted?: Noted;
};

export type Noted = {
  readonly happenings: readonly Happening[];
  /** What must be known of the device after a restart; what else is remembered of it stays. */
  readonly memory?: Partial<DeviceMemory & SleepMemory & AnnouncedMemory>;
};
