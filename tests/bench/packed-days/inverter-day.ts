import type { Column } from "@sunledger/store";

/** A day's columns of one inverter, its poll times first; NaN by night, when most of it sleeps. */
export type InverterDay = {
  readonly times: Column;
  readonly points: readonly { readonly name: string; readonly column: Column }[];
};

const everyMs = 10_000;
const rows = (24 * 3_600_000) / everyMs;
const [sunrise, sunset] = [5.5, 19.5];

type State = {
  /** 0 to 1, the sun's height over the day. */
  readonly height: number;
  /** 0.1 to 1, moves at random and slowly. */
  readonly cloud: number;
  readonly asleep: boolean;
  readonly row: number;
};
type Wave = (state: State, noise: () => number) => number;

type Wanted = {
  readonly name: string;
  readonly decimals: number;
  readonly wave: Wave;
  /** Says nothing by night. */
  readonly sleeps: boolean;
  /** Its waves are rises, and their sum began with this. */
  readonly counter?: number;
};

/**
 * The day `day` of the inverter `inverter`: 40 points in the decimals that inverters have, with noise on
 * all that is measured and clouds that pass at random. Always the same for the same two numbers.
 */
export function inverterDay(inverter: number, day: number): InverterDay {
  const noise = noiseFrom(1 + inverter * 1_000 + day);
  const start = Date.UTC(2026, 5, 1 + day);
  const times = new Float64Array(rows);
  const columns = wanted.map(() => new Float64Array(rows));
  let cloud = 0.8;
  for (let row = 0; row < rows; row += 1) {
    const hour = (row * everyMs) / 3_600_000;
    const height = Math.max(0, Math.sin((Math.PI * (hour - sunrise)) / (sunset - sunrise)));
    cloud = Math.min(1, Math.max(0.1, cloud + 0.02 * noise()));
    const state = { height, cloud, row, asleep: hour < sunrise || hour > sunset };
    times[row] = start + row * everyMs;
    for (const [i, { decimals, wave, sleeps, counter }] of wanted.entries()) {
      const value = state.asleep && sleeps ? Number.NaN : wave(state, noise);
      (columns[i] as Float64Array)[row] = counter ? value : rounded(value, decimals);
    }
  }
  for (const [i, { counter }] of wanted.entries()) {
    if (counter) sumUp(columns[i] as Float64Array, counter + day * 400_000 + inverter * 7_000_000);
  }
  const texts = new Map<number, string>();
  return {
    times: { numbers: times, texts },
    points: wanted.map(({ name }, i) => {
      return { name, column: { numbers: columns[i] as Float64Array, texts } };
    }),
  };
}

const power: Wave = ({ height, cloud }, noise) => 60_000 * height * cloud + 40 * noise();
const watts = (name: string, share: number): Wanted => {
  return { name, decimals: 0, sleeps: true, wave: (s, noise) => power(s, noise) * share };
};
const around = (name: string, decimals: number, middle: number, spread: number): Wanted => {
  const slow: Wave = ({ row }, noise) =>
    middle + spread * Math.sin(row / 700) + 0.3 * spread * noise();
  return { name, decimals, sleeps: false, wave: slow };
};
const still = (name: string, value: number): Wanted => {
  return { name, decimals: 0, sleeps: false, wave: () => value };
};
const energy = (name: string, counter: number): Wanted => {
  const wave: Wave = (state, noise) =>
    state.asleep ? 0 : Math.max(0, power(state, noise)) * (everyMs / 3_600_000);
  return { name, decimals: 0, sleeps: false, counter, wave };
};
const amperes = (name: string, volts: number): Wanted => ({
  ...{ name, decimals: 2, sleeps: true },
  wave: (s, noise) => power(s, noise) / volts + 0.05 * noise(),
});
const string = (n: number): readonly Wanted[] => [
  { ...around(`dc.voltage.${n}`, 1, 620, 25), sleeps: true },
  amperes(`dc.current.${n}`, 4 * 620),
  watts(`dc.power.${n}`, 0.255),
];

const wanted: readonly Wanted[] = [
  ...[watts("ac.power.active", 1), watts("ac.power.reactive", 0.03)],
  ...[watts("ac.power.apparent", 1.001), watts("dc.power", 1.02)],
  ...["an", "bn", "cn"].map((phase) => around(`ac.voltage.${phase}`, 1, 231, 3)),
  ...["ab", "bc", "ca"].map((pair) => around(`ac.voltage.${pair}`, 1, 400, 5)),
  ...["a", "b", "c"].map((phase) => amperes(`ac.current.${phase}`, 693)),
  around("ac.frequency", 2, 50, 0.03),
  { ...around("ac.powerFactor", 3, 0.998, 0.001), sleeps: true },
  ...[1, 2, 3, 4].flatMap(string),
  ...[around("temperature.cabinet", 1, 38, 12), around("temperature.sink", 1, 45, 15)],
  around("temperature.module", 1, 41, 16),
  ...[energy("energy.export", 9e8), energy("energy.today", 1), energy("energy.dc", 9.2e8)],
  ...[still("energy.import", 184_220), still("state", 4), still("limit.power", 100)],
  ...[still("alarm.1", 0), still("alarm.2", 0), still("alarm.3", 0)],
  { ...around("insulation", 0, 1_800, 90), sleeps: true },
];

function sumUp(rises: Float64Array, from: number): void {
  let sum = from;
  for (let row = 0; row < rises.length; row += 1) {
    sum += rises[row] as number;
    rises[row] = Math.round(sum);
  }
}

/** As a register gives it: a whole number of a decimal step. */
function rounded(value: number, decimals: number): number {
  const power = 10 ** decimals;
  return (Math.round(value * power) + 0) / power;
}

/** Numbers from -1 to 1 that follow from the seed (a linear congruence, Numerical Recipes 7.1). */
function noiseFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}
