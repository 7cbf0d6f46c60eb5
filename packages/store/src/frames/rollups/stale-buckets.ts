import type { Stretch } from "./stretches.ts";

/** Final values were asked for, and frames have come that are not yet in what is derived from them. */
export class StaleBuckets extends Error {
  override readonly name = "StaleBuckets";
  readonly code = "frames.staleBuckets";
  readonly devices: readonly string[];
  /** From the first to the last instant that is concerned. */
  readonly stretch: Stretch;

  constructor(devices: readonly string[], stretch: Stretch) {
    const [from, to] = [stretch.from, stretch.to].map((at) => new Date(at).toISOString());
    super(
      `no final values of ${devices.length} devices: frames between ${from} and ${to} are not rolled up yet; ask again in a minute`,
    );
    this.devices = devices;
    this.stretch = stretch;
  }
}
