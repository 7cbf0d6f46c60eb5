/** How many bytes of frames come in, as far as it was seen lately. */
export interface Inflow {
  /** Frames of so many bytes together were kept. */
  add(frames: number, bytes: number, now: number): void;
  /** How long it takes until so much room is full, milliseconds; `undefined` while too little was seen. */
  msToFill(bytes: number, now: number): number | undefined;
  /** What a frame takes on average; 0 while none was seen. */
  bytesAFrame(): number;
}

/** Each window lasts so long, and the one before counts too: a day's rhythm is slower. */
const windowMs = 30 * 60_000;
const leastSeenMs = 60_000;
/** What the file keeps of a frame beside its text. */
const overheadBytes = 30;

type Window = { readonly from: number; frames: number; bytes: number };

export function inflow(openedAt: number): Inflow {
  const begun = (from: number): Window => ({ from, frames: 0, bytes: 0 });
  let present = begun(openedAt);
  let before: Window | undefined;

  const turn = (now: number) => {
    // A clock that was set back, or far ahead, tells nothing of what was seen by it.
    if (now < present.from || now > present.from + 2 * windowMs) {
      present = begun(now);
      before = undefined;
    } else if (now > present.from + windowMs) {
      before = present;
      present = begun(now);
    }
  };

  return {
    add(frames, bytes, now) {
      turn(now);
      present.frames += frames;
      present.bytes += bytes + frames * overheadBytes;
    },
    msToFill(bytes, now) {
      const seenMs = now - (before ?? present).from;
      const seen = present.bytes + (before?.bytes ?? 0);
      if (seenMs < leastSeenMs || seenMs > 3 * windowMs || seen === 0) return undefined;
      return Math.round((Math.max(0, bytes) * seenMs) / seen);
    },
    bytesAFrame() {
      const frames = present.frames + (before?.frames ?? 0);
      return frames === 0 ? 0 : (present.bytes + (before?.bytes ?? 0)) / frames;
    },
  };
}
