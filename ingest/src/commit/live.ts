import type { LiveMessage } from "@sunledger/model";
import type { StoredFrame } from "@sunledger/store";
import type { Written } from "./write-around.ts";

export type AddressedLive = {
  readonly organisation: string;
  readonly plant: string;
  readonly message: LiveMessage;
};

/**
 * Of older frames only the newest of each device and layout is told: they are seen in the history they
 * belong to, but may be the newest that a device has.
 */
const mostLateMs = 60 * 60_000;
/** Keeps a message below the broker's 256 KB, deflated or not. */
const mostValues = 8_000;

/** What the commit has stored for the first time, by plant, for those who watch (D-10). */
export function liveOf(
  written: readonly Written[],
  plantOf: (gateway: string) => string | undefined,
  now: number,
): AddressedLive[] {
  const byPlant = new Map<string, Watched>();
  for (const { batch, outcome } of written) {
    const plant = plantOf(batch.gateway);
    if (plant === undefined) continue;
    const { organisation } = batch;
    const watched: Watched = byPlant.get(plant) ?? {
      organisation,
      plant,
      frames: [],
      late: new Map(),
    };
    byPlant.set(plant, watched);
    for (const frame of freshOf(batch.frames, outcome.fresh)) {
      if (now - frame.at <= mostLateMs) watched.frames.push(frame);
      else keepNewest(watched.late, frame);
    }
  }
  return [...byPlant.values()].flatMap(({ organisation, plant, frames, late }) =>
    // Apart from each other: a message touches all the time that it spans.
    [...portions([...late.values()]), ...portions(frames)].map((portion) => {
      return { organisation, plant, message: messageOf(portion, now) };
    }),
  );
}

type Watched = {
  readonly organisation: string;
  readonly plant: string;
  readonly frames: StoredFrame[];
  /** By device and layout. */
  readonly late: Map<string, StoredFrame>;
};

function keepNewest(late: Map<string, StoredFrame>, frame: StoredFrame) {
  const key = `${frame.device}/${frame.layout}`;
  const before = late.get(key);
  if (!before || frame.at > before.at) late.set(key, frame);
}

/** Each fresh number once: a repetition inside the batch comes after the frame itself. */
function* freshOf(frames: readonly StoredFrame[], fresh: ReadonlySet<number>) {
  const seen = new Set<number>();
  for (const frame of frames) {
    if (!fresh.has(frame.sequence) || seen.has(frame.sequence)) continue;
    seen.add(frame.sequence);
    yield frame;
  }
}

function portions(frames: readonly StoredFrame[]): StoredFrame[][] {
  const portions: StoredFrame[][] = [];
  let values = mostValues;
  for (const frame of frames) {
    values += frame.values.length;
    if (values > mostValues) {
      portions.push([]);
      values = frame.values.length;
    }
    portions.at(-1)?.push(frame);
  }
  return portions;
}

function messageOf(frames: readonly StoredFrame[], arrival: number): LiveMessage {
  return {
    v: 1,
    arrival,
    frames: frames.map(({ device, layout, at, values, quality }) =>
      quality
        ? [device, layout, at, [...values], { ...quality }]
        : [device, layout, at, [...values]],
    ),
  };
}
