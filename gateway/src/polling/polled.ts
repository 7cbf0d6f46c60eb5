import type { Lane, Quality, Value } from "@sunledger/model";

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
};
