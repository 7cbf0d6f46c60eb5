import type { SeriesEngine, SeriesFrame } from "./series-engine.ts";

/** Copies of frames that PostgreSQL keeps, for people who look at the store of time series. */
export type SeriesCopies = {
  /** Takes frames that are committed. Nothing waits for them, and what ails the store ails nobody here. */
  add(frames: readonly SeriesFrame[], pointsOf: PointsOf): void;
  /** Resolves once no copy is under way. */
  close(): Promise<void>;
};

type PointsOf = (layout: string) => readonly string[];
type Waiting = { readonly frame: SeriesFrame; readonly points: readonly string[] };

/** So many wait at most while the store is away; then the oldest go. */
const mostWaiting = 20_000;
const mostAtOnce = 2_000;

/**
 * Sends copies in the order in which they came, behind the writers' backs. What the store does not take waits until
 * something else is added; a line that it never takes is left out.
 */
export function seriesCopies(
  engine: Pick<SeriesEngine, "write">,
  onTrouble: (error: unknown) => void,
): SeriesCopies {
  let waiting: Waiting[] = [];
  let sending: Promise<void> | undefined;
  let isAsked = false;
  let isTold = false;
  let isClosed = false;

  const send = async (part: readonly Waiting[]): Promise<void> => {
    const points = new Map(part.map(({ frame, points: own }) => [frame.layout, own]));
    try {
      await engine.write(
        part.map(({ frame }) => frame),
        (layout) => points.get(layout) ?? [],
      );
    } catch (error) {
      if ((error as { code?: unknown }).code !== "SERIES_LINE") throw error;
      if (part.length === 1) return onTrouble(error);
      const half = part.length >> 1;
      await send(part.slice(0, half));
      await send(part.slice(half));
    }
  };

  const sendAll = async () => {
    while (waiting.length > 0 && !isClosed) {
      const part = waiting.slice(0, mostAtOnce);
      try {
        await send(part);
        isTold = false;
      } catch (error) {
        if (!isTold) onTrouble(error);
        isTold = true;
        return;
      }
      const sent = new Set(part);
      waiting = waiting.filter((one) => !sent.has(one));
    }
  };

  const sendWhenAsked = async () => {
    while (isAsked) {
      isAsked = false;
      await sendAll();
    }
    sending = undefined;
  };

  return {
    add(frames, pointsOf) {
      if (frames.length === 0 || isClosed) return;
      waiting.push(...frames.map((frame) => ({ frame, points: pointsOf(frame.layout) })));
      if (waiting.length > mostWaiting) waiting = waiting.slice(-mostWaiting);
      isAsked = true;
      sending ??= sendWhenAsked();
    },

    async close() {
      isClosed = true;
      await sending;
    },
  };
}
