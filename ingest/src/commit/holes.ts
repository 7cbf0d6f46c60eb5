import { type Lane, type Ranges, watermarkOf } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";

/** A gateway's numbers of one epoch and lane. */
export type Stream = { readonly gateway: string; readonly epoch: string; readonly lane: Lane };

/** Watches for numbers that stay missing although later ones have come (D-2). */
export type Holes = {
  /** What is settled of a stream after a commit. */
  note(stream: Stream, settled: Ranges): void;
  /** The streams whose hole has lasted too long, each at growing distances. */
  due(): readonly Stream[];
};

/** Shorter ones are messages still on their way. */
const patienceMs = 500;
const mostPatienceMs = 30_000;

export function holes(pace: Clock): Holes {
  type Hole = { stream: Stream; watermark: number; dueAt: number; waitMs: number; heard: boolean };
  const open = new Map<string, Hole>();

  return {
    note(stream, settled) {
      const key = `${stream.gateway}/${stream.epoch}/${stream.lane}`;
      const watermark = watermarkOf(settled);
      const hasHole = settled.some(([from]) => from > watermark);
      const hole = open.get(key);
      if (!hasHole) open.delete(key);
      // A moving watermark is a backlog that drains: nothing is missing, it only comes later.
      else if (hole?.watermark === watermark) hole.heard = true;
      else {
        const dueAt = pace.now() + patienceMs;
        open.set(key, { stream, watermark, dueAt, waitMs: patienceMs, heard: true });
      }
    },

    due() {
      const now = pace.now();
      const due = [...open.values()].filter((hole) => hole.heard && hole.dueAt <= now);
      for (const hole of due) {
        hole.waitMs = Math.min(hole.waitMs * 2, mostPatienceMs);
        hole.dueAt = now + hole.waitMs;
        hole.heard = false; // one that says nothing more has its own reasons
      }
      return due.map(({ stream }) => stream);
    },
  };
}
