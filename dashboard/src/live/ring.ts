/** The newest values of one point, outside React: two columns written round and round. */
export type Ring = {
  push(at: number, value: number): void;
  /** Oldest first, from `from` on. */
  since(from: number): { readonly at: number[]; readonly value: number[] };
  readonly size: number;
};

/** Holds at most `capacity` values, then forgets the oldest. */
export function ringOf(capacity: number): Ring {
  const times = new Float64Array(capacity);
  const values = new Float64Array(capacity);
  let next = 0;
  let size = 0;
  let newest = Number.NEGATIVE_INFINITY;

  return {
    get size() {
      return size;
    },
    push(at, value) {
      if (at <= newest) return;
      newest = at;
      times[next] = at;
      values[next] = value;
      next = (next + 1) % capacity;
      size = Math.min(size + 1, capacity);
    },
    since(from) {
      const at: number[] = [];
      const value: number[] = [];
      for (let step = 0; step < size; step += 1) {
        const index = (next - size + step + capacity) % capacity;
        const time = times[index] ?? 0;
        if (time < from) continue;
        at.push(time);
        value.push(values[index] ?? 0);
      }
      return { at, value };
    },
  };
}
