import { DatabaseError, type Pool } from "pg";
import type { FrameBatch } from "./frame-store.ts";

/** The months that have a partition, and the making of those that have none. */
export type Partitions = {
  make(pool: Pool, batches: readonly FrameBatch[]): Promise<void>;
  /** Whether a write failed since a partition is gone that was there before. */
  missed(error: unknown): boolean;
};

export function partitions(): Partitions {
  const known = new Set<string>();

  const unknownOf = (batches: readonly FrameBatch[]) => {
    const months = new Map<string, number>();
    for (const { frames } of batches) {
      for (const { at } of frames) {
        const month = monthOf(at);
        if (!known.has(month)) months.set(month, at);
      }
    }
    return months;
  };

  return {
    async make(pool, batches) {
      // Each on its own: a partition must be there before the write, whatever becomes of that.
      for (const [month, at] of unknownOf(batches)) {
        await pool.query("select frame_partition($1)", [at]);
        known.add(month);
      }
    },

    missed(error) {
      const missing =
        error instanceof DatabaseError &&
        error.code === "23514" &&
        error.message.includes("no partition");
      if (missing) known.clear();
      return missing;
    },
  };
}

const monthStarts: { from: number; to: number; name: string }[] = [];

/** The month of an instant, in UTC. Frames come in runs of one month: the last ones are remembered. */
function monthOf(at: number): string {
  const hit = monthStarts.find(({ from, to }) => at >= from && at < to);
  if (hit) return hit.name;
  const day = new Date(at);
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
  const found = {
    from: Date.UTC(year, month),
    to: Date.UTC(year, month + 1),
    name: `${year}-${month + 1}`,
  };
  monthStarts.unshift(found);
  monthStarts.length = Math.min(monthStarts.length, 4);
  return found.name;
}
