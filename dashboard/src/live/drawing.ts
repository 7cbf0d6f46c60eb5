import type { BrowserClock } from "../app/clock.ts";
import { listeners } from "./listeners.ts";

/** When what is on the screen is drawn anew. */
export type Drawing = {
  /** Calls back for each drawing. */
  subscribe(listener: () => void): () => void;
  /** Counts the drawings. */
  version(): number;
  /** There is something new to show. */
  news(): void;
  begin(): void;
  stop(): void;
};

export type DrawingParts = {
  readonly clock: BrowserClock;
  /** Is told of each drawing before those that draw. */
  readonly onDraw: () => void;
  /** When a drawing is due besides, by the clock; what is past counts for nothing. */
  readonly dueAt: () => number;
};

/** Ages grow without messages: they are judged again each second. */
const ageEveryMs = 1_100;
/**
 * Messages come once a second, now and then a little early. Only a drawing of news puts off the next:
 * if one that lets values age did too, each value could be shown up to a second late from then on.
 */
const newsEveryMs = 900;

/** Draws news at most about once a second, and without news to let values age. */
export function openDrawing({ clock, onDraw, dueAt }: DrawingParts): Drawing {
  const listening = listeners();
  let version = 0;
  let newsAt = Number.NEGATIVE_INFINITY;
  let stopWaiting: (() => void) | undefined;

  const draw = () => {
    stopWaiting?.();
    version += 1;
    onDraw();
    listening.call();
    const due = dueAt() - clock.now();
    stopWaiting = clock.after(due > 0 ? Math.min(ageEveryMs, due) : ageEveryMs, draw);
  };
  const drawNews = () => {
    newsAt = clock.now();
    draw();
  };

  return {
    subscribe: listening.add,
    version: () => version,
    news() {
      const wait = newsAt + newsEveryMs - clock.now();
      if (wait <= 0) return drawNews();
      stopWaiting?.();
      stopWaiting = clock.after(wait, drawNews);
    },
    begin: draw,
    stop: () => stopWaiting?.(),
  };
}
