import { type Chunk, packChunk, unpackChunk, unpackOne } from "@sunledger/store";
import { type InverterDay, inverterDay } from "./packed-days/inverter-day.ts";
import { storedBytes } from "./packed-days/stored-bytes.ts";
import { victoriaBytes } from "./packed-days/victoria-bytes.ts";

const inverters = 8;
const days = 3;
/** Values a second that packing and reading must reach. */
const limit = 20_000_000;

/**
 * Bytes a value of packed days, against VictoriaMetrics with the very same values, and values packed and
 * read in a second of CPU time, whatever else the machine does; then the same days in PostgreSQL, open and packed, with all that stands
 * around them. Only values count that are there; times are packed along.
 */
export async function bench({ seconds }: { readonly seconds: number }) {
  const made = Array.from({ length: inverters * days }, (_, i) => ({
    device: `INV-${i % inverters}`,
    day: inverterDay(i % inverters, Math.floor(i / inverters)),
  }));
  const columns = made.map(({ day }) => [day.times, ...day.points.map(({ column }) => column)]);
  const values = made.reduce((sum, { day }) => sum + countOf(day), 0);
  const chunks = columns.map(packChunk);
  refuseChanged(columns, chunks);

  const packed = perSecond(seconds / 3, values, () => void columns.map(packChunk));
  const read = perSecond(seconds / 3, values, () => void chunks.map(unpackChunk));
  const one = millisecondsOf(() => unpackOne(chunks[0] as Chunk, 1));
  const bytes = chunks.reduce((sum, { bytes }) => sum + bytes.length, 0) / values;
  const victoria = await victoriaBytes(made);
  const stored = await storedBytes(made.map(({ day }) => day));
  const theirs = victoria.data / victoria.values;
  return {
    name: "pack",
    figure: round(bytes),
    unit: "B/value",
    limit: round(theirs),
    ratio: round(bytes / theirs),
    victoriaWithIndex: round((victoria.data + victoria.index) / victoria.values),
    values,
    valuesASecond: { packed: Math.round(packed), read: Math.round(read), limit },
    ratioToLimit: { packed: round(packed / limit), read: round(read / limit) },
    oneColumnOfADayMs: round(one),
    inPostgres: {
      open: round(stored.open / values),
      packed: round(stored.packed / values),
      ratioToVictoria: round(stored.packed / values / theirs),
      valuesASecond: Math.round(values / stored.seconds),
    },
  };
}

function countOf({ points }: InverterDay): number {
  return points.reduce((sum, { column }) => {
    return sum + column.numbers.filter((number) => !Number.isNaN(number)).length;
  }, 0);
}

/** A figure of something that changes a value would be worth nothing. */
function refuseChanged(days: readonly InverterDay["times"][][], chunks: readonly Chunk[]): void {
  for (const [i, columns] of days.entries()) {
    const read = unpackChunk(chunks[i] as Chunk);
    for (const [place, { numbers }] of columns.entries()) {
      const back = read[place]?.numbers;
      const same =
        back?.length === numbers.length && numbers.every((n, row) => Object.is(n, back[row]));
      if (!same) throw new Error(`column ${place} of day ${i} came back changed`);
    }
  }
}

/** Values a second of CPU time when the work is done again and again for so long. */
function perSecond(seconds: number, values: number, work: () => void): number {
  work();
  const begin = process.cpuUsage();
  let [rounds, spent] = [0, 0];
  for (; spent < seconds || rounds === 0; rounds += 1) {
    work();
    const { user, system } = process.cpuUsage(begin);
    spent = (user + system) / 1e6;
  }
  return (rounds * values) / spent;
}

/** The median of many. */
function millisecondsOf(work: () => unknown): number {
  const times = Array.from({ length: 101 }, () => {
    const begin = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - begin) / 1e6;
  });
  return times.sort((a, b) => a - b)[50] as number;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
