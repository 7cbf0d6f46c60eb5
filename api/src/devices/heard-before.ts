import type { KeptFrames } from "../frames/kept-frames.ts";

/** So far back a point is looked for. */
const lookBackMs = 400 * 24 * 60 * 60_000;

export type HeardBefore = {
  readonly frames: KeptFrames;
  readonly organisation: string;
  readonly devices: readonly string[];
  readonly point: string;
  /** Unix milliseconds. */
  readonly at: number;
};

/**
 * Whether the point of one of the devices had a good value before. Silence at the beginning of a
 * window goes back to before there was a gateway where it had none, and is an outage where it had.
 */
export async function heardBefore({ frames, ...asked }: HeardBefore): Promise<boolean> {
  return (await frames.valueAt({ ...asked, lookBackMs })).length > 0;
}
