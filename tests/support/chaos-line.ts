import type { Socket } from "node:net";

/** How slow a line is; absent: at once. */
export type Slowness = {
  /** From one end to the other, milliseconds. */
  readonly latencyMs?: number;
  readonly bitsPerSecond?: number;
};

/** One direction of a connection, in order whatever it is. */
export interface ChaosLine {
  slow(slowness: Slowness): void;
  /** Takes bytes on their way; `arrived` is called when they are with the socket behind. */
  send(bytes: Buffer, arrived?: () => void): void;
  /** Ends the socket behind when all that is under way has come. */
  finish(): void;
  /** Forgets what is under way. */
  end(): void;
}

type Under = { readonly bytes: Buffer; readonly at: number; readonly arrived?: () => void };

/** So much may be under way before the source is asked to wait: a modem's buffer. */
const mostBytes = 64 * 1024;
/** A slow line hands over what it has so often. */
const pieceMs = 100;

/** A line towards a socket; its source is paused while too much is under way. */
export function chaosLine(to: Socket, source: Socket): ChaosLine {
  let slowness: Slowness = {};
  let queue: Under[] = [];
  let queued = 0;
  /** When the last byte will have left the narrow place. */
  let freeAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let finishing = false;

  const write = ({ bytes, arrived }: Pick<Under, "bytes" | "arrived">) => {
    if (to.destroyed) return;
    to.write(bytes, () => arrived?.());
  };

  const drain = () => {
    timer = undefined;
    const now = performance.now();
    for (let next = queue[0]; next && next.at <= now; next = queue[0]) {
      queue.shift();
      queued -= next.bytes.length;
      write(next);
    }
    if (queued < mostBytes) source.resume();
    if (queue.length === 0 && finishing) to.end();
    plan();
  };

  const plan = () => {
    const [next] = queue;
    if (!next || timer) return;
    timer = setTimeout(drain, Math.max(0, next.at - performance.now()));
  };

  const put = (bytes: Buffer, arrived?: () => void) => {
    const { latencyMs = 0, bitsPerSecond } = slowness;
    const now = performance.now();
    const widthMs = bitsPerSecond === undefined ? 0 : (bytes.length * 8_000) / bitsPerSecond;
    // What is sent later never overtakes, though the line has become faster since.
    freeAt = Math.max(now, freeAt) + widthMs;
    const at = Math.max(freeAt + latencyMs, queue.at(-1)?.at ?? 0);
    queue.push({ bytes, at, ...(arrived && { arrived }) });
    queued += bytes.length;
  };

  return {
    slow(wanted) {
      slowness = wanted;
    },
    send(bytes, arrived) {
      const { latencyMs, bitsPerSecond } = slowness;
      const isFree = queue.length === 0 && latencyMs === undefined && bitsPerSecond === undefined;
      if (isFree) return write({ bytes, ...(arrived && { arrived }) });
      const most =
        bitsPerSecond === undefined
          ? bytes.length
          : Math.max(1, Math.floor((bitsPerSecond * pieceMs) / 8_000));
      for (let from = 0; from < bytes.length; from += most) {
        const piece = bytes.subarray(from, from + most);
        put(piece, from + most >= bytes.length ? arrived : undefined);
      }
      if (queued >= mostBytes) source.pause();
      plan();
    },
    finish() {
      finishing = true;
      if (queue.length === 0) to.end();
    },
    end() {
      clearTimeout(timer);
      timer = undefined;
      queue = [];
      queued = 0;
      source.resume();
    },
  };
}
