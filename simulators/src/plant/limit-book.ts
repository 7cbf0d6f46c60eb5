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
  /** `lostWh`: what limits of the device have cost by then; `until`: when it lapses by itself, if it does. */
  write(device: string, share: number, at: number, lostWh: number, until?: number): void;
  /** The same limit as before lapses at another time, or no longer does. */
  prolong(device: string, until: number | undefined): void;
  /** The limit that lapses first, by an instant. */
  lapsed(instant: number): { readonly device: string; readonly until: number } | undefined;
  /** All that hold and have held, unless forgotten; `lostOf`: what limits of a device have cost by now. */
  written(lostOf: (device: string) => number): readonly WrittenLimit[];
  /** Those of what `written` gave that are over need not be told again. */
  forget(told: readonly WrittenLimit[]): void;
};

type Holding = Pick<WrittenLimit, "device" | "share" | "start"> & {
  readonly lostBefore: number;
  readonly until: number | undefined;
};

export function limitBook(): LimitBook {
  let shares: ReadonlyMap<string, number> = new Map();
  const holding = new Map<string, Holding>();
  let past: WrittenLimit[] = [];

  const spanOf = ({ device, share, start, lostBefore }: Holding, lostWh: number) => ({
    ...{ device, share, start },
    lostWh: Math.max(0, lostWh - lostBefore),
  });

  return {
    now: () => shares,

    write(device, share, at, lostWh, until) {
      const before = holding.get(device);
      if (before) past.push({ ...spanOf(before, lostWh), end: at });
      holding.delete(device);
      if (share < 1) holding.set(device, { device, share, start: at, lostBefore: lostWh, until });
      shares = new Map([...holding].map(([tag, one]) => [tag, one.share]));
    },

    prolong(device, until) {
      const before = holding.get(device);
      if (before) holding.set(device, { ...before, until });
    },

    lapsed(instant) {
      const due = [...holding.values()].flatMap(({ device, until }) =>
        until !== undefined && until <= instant ? [{ device, until }] : [],
      );
      return due.sort((a, b) => a.until - b.until)[0];
    },

    written: (lostOf) => [
      ...past,
      ...[...holding.values()].map((one) => spanOf(one, lostOf(one.device))),
    ],

    forget(told) {
      const known = new Set(told);
      past = past.filter((one) => !known.has(one));
    },
  };
}
