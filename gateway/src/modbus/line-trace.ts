import type { Link } from "./link.ts";
import { sleep } from "./sleep.ts";

/** Bytes that went over a line together, in hexadecimal digits. */
export type TracedBytes = { readonly direction: "sent" | "got"; readonly hex: string };

export type TraceBounds = {
  /** Real time, milliseconds. */
  readonly forMs: number;
  /** So many pieces. */
  readonly most: number;
  readonly signal: AbortSignal;
};

/** A longer piece is shown as several. */
const longestPiece = 512;

/**
 * Shows what goes over a line, of all units that share it, until the time is over, so many pieces were
 * shown or the signal is aborted. Resolves with how many were shown. The line is not slowed by it: what
 * `shown` does is its own affair.
 */
export async function traceLine(
  link: Pick<Link, "watch">,
  { forMs, most, signal }: TraceBounds,
  shown: (piece: TracedBytes) => void,
): Promise<number> {
  const full = new AbortController();
  let count = 0;
  const unwatch = link.watch((direction, bytes) => {
    for (let from = 0; from < bytes.length && count < most; from += longestPiece) {
      count += 1;
      shown({ direction, hex: bytes.toString("hex", from, from + longestPiece) });
    }
    if (count >= most) full.abort();
  });
  try {
    await sleep(forMs, AbortSignal.any([signal, full.signal]));
  } finally {
    unwatch();
  }
  return count;
}
