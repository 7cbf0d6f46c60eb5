/** A limit on its power that somebody has written to an inverter. */
export type WrittenLimit = {
  readonly device: string;
  /** Of its rating, 0 to 1. */
  readonly share: number;
  /** Unix milliseconds. */
  readonly start: number;
  /** Exclusive; absent while it holds. */
  readonly end?: number;
  /** What the inverter would have given more without it, watt-hours. */
  readonly lostWh: number;
};

/** Which limits hold and which have held. */
export type LimitBook = {
  /** The shares of their rating that inverters may give; absent: all of it. */
  now(): ReadonlyMap<string, number>;
  /** `lostWh`: what limits of the device have cost by then. */
  write(device: string, share: number, at: number, lostWh: number): void;
  /** All that hold and the latest that have held; `lostOf`: what limits of a device have cost by now. */
  written(lostOf: (device: string) => number): readonly WrittenLimit[];
};

/** So many that are over are remembered: each was told when it was over. */
const mostPast = 1_000;

type Holding = Pick<WrittenLimit, "device" | "share" | "start"> & { readonly lostBefore: number };

export function limitBook(): LimitBook {
  let shares: ReadonlyMap<string, number> = new Map();
  const holding = new Map<string, Holding>();
  const past: WrittenLimit[] = [];

  const spanOf = ({ lostBefore, ...span }: Holding, lostWh: number) => ({
    ...span,
    lostWh: Math.max(0, lostWh - lostBefore),
  });

  return {
    now: () => shares,

    write(device, share, at, lostWh) {
      const before = holding.get(device);
      if (before) past.push({ ...spanOf(before, lostWh), end: at });
      if (past.length > mostPast) past.shift();
      holding.delete(device);
      if (share < 1) holding.set(device, { device, share, start: at, lostBefore: lostWh });
      shares = new Map([...holding].map(([tag, one]) => [tag, one.share]));
    },

    written: (lostOf) => [
      ...past,
      ...[...holding.values()].map((one) => spanOf(one, lostOf(one.device))),
    ],
  };
}
