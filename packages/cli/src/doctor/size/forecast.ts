import type { Lane } from "@sunledger/model";
import type { Sizes } from "@sunledger/store";

/** For how many days what is kept. */
export type Keeping = {
  readonly packAfterDays: number;
  readonly keepRawDays: number;
  readonly keepMinutesDays: number;
};

/** Bytes that will be there of each kind. */
export type Expected = {
  readonly open: number;
  readonly packed: Readonly<Record<Lane, number>>;
  /** Absent while it is not known what roll-ups take here. */
  readonly rollUps?: { readonly minutes: number; readonly longer: number };
  readonly sum: number;
};

/** What a value takes as benchmarks had it (`bench store`, `bench pack`), where an installation cannot tell yet. */
export const usualBytesAValue = { open: 11.6, packed: 0.62 } as const;

/** What an installation takes after that many days at the pace of its newest day, from nothing on. */
export function expectedAfter(days: number, sizes: Sizes, keeping: Keeping): Expected {
  const valuesADay = (lane: Lane) => sizes.pace.find((one) => one.lane === lane)?.valuesADay ?? 0;
  const keptDays = (lane: Lane) =>
    lane === "counters" ? days : Math.min(days, keeping.keepRawDays);
  const openDays = (lane: Lane) => Math.min(keptDays(lane), keeping.packAfterDays);
  const packedOf = (lane: Lane) =>
    (keptDays(lane) - openDays(lane)) * valuesADay(lane) * packedBytesAValue(sizes, lane);
  const open = (["values", "counters"] as const).reduce(
    (sum, lane) => sum + openDays(lane) * valuesADay(lane) * openBytesAValue(sizes),
    0,
  );
  const packed = { values: packedOf("values"), counters: packedOf("counters") };
  const rolled = sizes.rollUpsADay;
  const rollUps = rolled && {
    minutes: rolled.minutes * Math.min(days, keeping.keepMinutesDays),
    longer: rolled.longer * days,
  };
  const sum =
    open + packed.values + packed.counters + (rollUps ? rollUps.minutes + rollUps.longer : 0);
  return { open, packed, ...(rollUps && { rollUps }), sum };
}

export function openBytesAValue({ bytesAValue }: Sizes): number {
  return bytesAValue.open ?? usualBytesAValue.open;
}

export function packedBytesAValue({ bytesAValue }: Sizes, lane: Lane): number {
  return bytesAValue.packed[lane] ?? usualBytesAValue.packed;
}

/** Ten years and more are not told apart. */
const longestDays = 3_650;

/**
 * In how many days the room is used up, at the pace of the newest day; `undefined` when it lasts for ten years. How old an
 * installation is, is told by what it takes.
 */
export function daysUntilFull(room: number, sizes: Sizes, keeping: Keeping): number | undefined {
  const { open, packed, rollUps } = sizes.bytes;
  const present = open + packed + rollUps;
  const dayOf = (bytes: number) => {
    for (let days = 0; days <= 2 * longestDays; days += 1) {
      if (expectedAfter(days, sizes, keeping).sum >= bytes) return days;
    }
    return undefined;
  };
  const [today, full] = [dayOf(present), dayOf(present + room)];
  if (today === undefined || full === undefined) return undefined;
  return full - today > longestDays ? undefined : full - today;
}
