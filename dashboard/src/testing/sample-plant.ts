import type { DeviceSummary, Figure, Freshness, LiveJoined, PlantSummary } from "@sunledger/model";

/** Noon of a November day in Shanghai. */
export const now = Date.parse("2026-11-22T04:00:00Z");

type Wanted = {
  readonly id?: string;
  readonly state?: Freshness;
  readonly powerW?: number;
};

/** A rooftop of eight inverters around noon, for tests. */
export function plantSummary({
  id = "p1",
  state = "live",
  powerW = 600_000,
}: Wanted = {}): PlantSummary {
  return {
    id,
    code: "qinghe",
    name: { en: "Qinghe Rooftop", zh: "清河屋顶电站" },
    timeZone: "Asia/Shanghai",
    latitude: 36.8,
    longitude: 118.06,
    dcPowerW: 1_000_000,
    acPowerW: 880_000,
    commissioned: "2024-06-01",
    serverTime: now,
    devices: { total: 10, reporting: 10, asleep: 0, offline: 0, imported: 0 },
    newestAt: now - 1_000,
    state,
    powerW: figure(powerW, 8),
    irradiance: figure(760, 1),
    exportW: figure(400_000, 1),
    energyTodayWh: figure(2_400_000, 8),
    performanceRatioToday: figure(0.846, 8),
    availabilityToday: figure(0.992, 8),
    spark: [0, 10_000, null, 300_000],
  };
}

export function inverter(number: number, state: Freshness = "live"): DeviceSummary {
  return {
    id: `inverter-${number}`,
    tag: `INV-0${number}`,
    name: { en: `Inverter ${number}`, zh: `${number} 号逆变器` },
    kind: "inverter",
    plant: "p1",
    ratedAcW: 110_000,
    ratedDcW: 125_000,
    state,
    newestAt: now,
    headline: { point: "ac.power.active", value: 80_000, unit: "W", at: now },
  };
}

type Said = {
  readonly power?: number;
  readonly grid?: number;
  /** The power of each inverter, in order. */
  readonly inverters?: readonly number[];
};

/** The answer of the plant's room, everything read at `now`. */
export function joinedRoom({
  power = 640_000,
  grid = -400_000,
  inverters = [80_000],
}: Said): LiveJoined {
  const own = inverters.map((watts, index) => ({ device: `inverter-${index + 1}`, watts }));
  return {
    ok: true,
    room: "plant:p1",
    at: now,
    table: [
      [1, null, "ac.power.active", "W", 1_000],
      [2, null, "grid.power.active", "W", 1_000],
      ...own.map(({ device }, index): LiveJoined["table"][number] => [
        index + 3,
        device,
        "ac.power.active",
        "W",
        1_000,
      ]),
    ],
    snapshot: [
      [1, power, now],
      [2, grid, now],
      ...own.map(({ watts }, index): [number, number, number] => [index + 3, watts, now]),
    ],
    coverage: {
      1: { reporting: 8, total: 8 },
      2: { reporting: 1, total: 1 },
    },
    devices: Object.fromEntries(
      own.map(({ device }) => [device, { state: "reachable", since: now - 3_600_000 }]),
    ),
  };
}

function figure(value: number, total: number): Figure {
  return { value, at: now - 1_000, coverage: { reporting: total, total } };
}
