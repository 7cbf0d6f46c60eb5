import { residentMegabytes } from "../support/process-usage.ts";

export type MemoryWatch = {
  /** The most that each program ever held, megabytes. */
  highest(): Readonly<Record<string, number>>;
  /** How much more it holds an hour since the first quarter of the watch, megabytes; 0 for a short watch. */
  slopes(): Readonly<Record<string, number>>;
  stop(): void;
};

type Sample = { readonly hours: number; readonly megabytes: number };

const everyMs = 2_000;
const worthASlopeHours = 0.5;

/** Looks again and again at what the programs hold; one that was started anew is the same program. */
export function watchMemory(processes: () => ReadonlyMap<string, number>): MemoryWatch {
  const begin = performance.now();
  const samples = new Map<string, Sample[]>();
  const timer = setInterval(() => {
    for (const [name, pid] of processes()) {
      const megabytes = residentMegabytes(pid);
      if (megabytes === 0) continue; // it is just being killed
      const known = samples.get(name) ?? [];
      samples.set(name, known);
      known.push({ hours: (performance.now() - begin) / 3_600_000, megabytes });
    }
  }, everyMs);

  const byProgram = (answer: (own: readonly Sample[]) => number) =>
    Object.fromEntries([...samples].map(([name, own]) => [name, answer(own)]));
  return {
    highest: () => byProgram((own) => Math.max(...own.map(({ megabytes }) => megabytes))),
    slopes: () => byProgram(slopeOf),
    stop: () => clearInterval(timer),
  };
}

/** By least squares, without the first quarter in which programs warm up. */
export function slopeOf(samples: readonly Sample[]): number {
  const end = samples.at(-1)?.hours ?? 0;
  if (end < worthASlopeHours) return 0;
  const late = samples.filter(({ hours }) => hours >= end / 4);
  const mean = (of: (sample: Sample) => number) =>
    late.reduce((sum, sample) => sum + of(sample), 0) / late.length;
  const [x, y] = [mean(({ hours }) => hours), mean(({ megabytes }) => megabytes)];
  const rise = late.reduce((sum, one) => sum + (one.hours - x) * (one.megabytes - y), 0);
  const run = late.reduce((sum, one) => sum + (one.hours - x) ** 2, 0);
  return rise / run;
}
