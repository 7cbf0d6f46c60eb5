import { ownMegabytes } from "../support/process-usage.ts";

export type MemoryWatch = {
  /** The most that each program ever held, megabytes. */
  highest(): Readonly<Record<string, number>>;
  /** How the longest-lived process of each program grew. */
  growth(): Readonly<Record<string, Growth>>;
  stop(): void;
};

/** What became of the memory of one process. */
export type Growth = {
  /** How long it was watched. */
  readonly hours: number;
  /** Megabytes an hour; absent where it was not watched for long enough to tell. */
  readonly slope?: number;
};

export type Sample = { readonly hours: number; readonly megabytes: number };

const everyMs = 2_000;
const worthASlopeHours = 1;
/** In each of so many parts of the watch the least counts: what is left when garbage was collected. */
const parts = 24;

/**
 * Looks again and again at what the programs hold for themselves. One that was started anew begins from
 * nothing: growth is a matter of one process, from its start to its end.
 */
export function watchMemory(processes: () => ReadonlyMap<string, number>): MemoryWatch {
  const begin = performance.now();
  const samples = new Map<string, Map<number, Sample[]>>();
  const timer = setInterval(() => {
    for (const [name, pid] of processes()) {
      const megabytes = ownMegabytes(pid);
      if (megabytes === 0) continue; // it is just being killed
      const lives = samples.get(name) ?? new Map<number, Sample[]>();
      samples.set(name, lives);
      const known = lives.get(pid) ?? [];
      lives.set(pid, known);
      known.push({ hours: (performance.now() - begin) / 3_600_000, megabytes });
    }
  }, everyMs);

  const byProgram = <T>(answer: (lives: readonly (readonly Sample[])[]) => T) =>
    Object.fromEntries([...samples].map(([name, lives]) => [name, answer([...lives.values()])]));
  return {
    highest: () =>
      byProgram((lives) => Math.max(...lives.flat().map(({ megabytes }) => megabytes))),
    growth: () => byProgram((lives) => growthOf(lives)),
    stop: () => clearInterval(timer),
  };
}

/** The growth of the life that was watched longest. */
export function growthOf(lives: readonly (readonly Sample[])[]): Growth {
  const hoursOf = (life: readonly Sample[]) => (life.at(-1)?.hours ?? 0) - (life[0]?.hours ?? 0);
  const longest = lives.toSorted((a, b) => hoursOf(b) - hoursOf(a))[0] ?? [];
  const hours = hoursOf(longest);
  return hours < worthASlopeHours ? { hours } : { hours, slope: slopeOf(longest) };
}

/** By least squares over what is least in each part, without the first quarter, in which programs warm up. */
function slopeOf(life: readonly Sample[]): number {
  const begin = life[0]?.hours ?? 0;
  const length = (life.at(-1)?.hours ?? 0) - begin;
  const late = life.filter(({ hours }) => hours >= begin + length / 4);
  const ofParts = Map.groupBy(late, ({ hours }) => Math.floor(((hours - begin) / length) * parts));
  const floors = [...ofParts.values()].map((part) =>
    part.reduce((least, one) => (one.megabytes < least.megabytes ? one : least)),
  );
  const mean = (of: (sample: Sample) => number) =>
    floors.reduce((sum, sample) => sum + of(sample), 0) / floors.length;
  const [x, y] = [mean(({ hours }) => hours), mean(({ megabytes }) => megabytes)];
  const rise = floors.reduce((sum, one) => sum + (one.hours - x) * (one.megabytes - y), 0);
  const run = floors.reduce((sum, one) => sum + (one.hours - x) ** 2, 0);
  return rise / run;
}
