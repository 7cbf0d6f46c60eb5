import { type Frame, layoutHash, messageOf } from "@sunledger/model";
import { packJson } from "@sunledger/runtime";

const devices = 100;
const everyMs = 10_000;
const polls = 60;
/** Most a value may cost on the wire, packed, in bytes. */
const limit = 2.0;

const trackers = [1, 2, 3, 4];
const points = [
  ...["power.active", "power.reactive", "power.apparent", "powerFactor", "frequency"],
  ...["current.a", "current.b", "current.c", "voltage.an", "voltage.bn", "voltage.cn"],
  ...["voltage.ab", "voltage.bc", "voltage.ca"],
]
  .map((name) => `ac.${name}`)
  .concat(["dc.power", "temp.cabinet", "temp.heatSink", "state.operating", "state.vendor"])
  .concat(
    trackers.flatMap((tracker) =>
      ["voltage", "current", "power", "temperature", "state"].map(
        (name) => `dc.mppt.${tracker}.${name}`,
      ),
    ),
  )
  .concat("ac.energy.daily");

/**
 * The uplink of a plant of 110 kW inverters under one sun and on one grid, each poll of all devices
 * a message: its bytes a value.
 */
export async function bench() {
  const random = seeded(20_261_122);
  const layout = await layoutHash({ lane: "values", points });
  const plant = inverters(random);
  const head = {
    gateway: "bench",
    epoch: "0197b1c8-6a00-7000-8000-000000000000",
    lane: "values" as const,
  };
  let sequence = 0;
  const bytes = { plain: 0, packed: 0, alone: 0 };
  for (let poll = 1; poll <= polls; poll += 1) {
    const at = Date.UTC(2026, 5, 21, 4) + poll * everyMs;
    const frames = plant().map((values, i): Frame => {
      sequence += 1;
      const device = `INV-${String(i + 1).padStart(3, "0")}`;
      return { device, sequence, layout, at, clock: "synced", values };
    });
    bytes.plain += JSON.stringify(messageOf(head, frames)).length;
    bytes.packed += (await packJson(messageOf(head, frames))).length;
    for (const frame of frames) bytes.alone += (await packJson(messageOf(head, [frame]))).length;
  }
  const aValue = (total: number) => round(total / (polls * devices * points.length), 0.01);
  const figure = aValue(bytes.packed);
  return {
    figure,
    limit,
    ratio: round(figure / limit, 0.01),
    unit: "bytes a value, packed",
    devices,
    valuesAFrame: points.length,
    plainJson: aValue(bytes.plain),
    packedOneFrameAMessage: aValue(bytes.alone),
  };
}

/** Each call is one poll of every inverter: registers with the steps that makers give them. */
function inverters(random: () => number): () => number[][] {
  const noise = (most: number) => most * 2 * (random() - 0.5);
  const each = <T>(make: () => T): T[] => Array.from({ length: devices }, make);
  const plant = { sun: 0.78, frequency: 50, volts: 231.5, mppVolts: 618 };
  const fleet = each(() => ({
    share: 1 + noise(0.015),
    cable: noise(0.6),
    cabinet: 41 + noise(3),
    heatSink: 57 + noise(4),
    strings: trackers.map(() => ({ volts: noise(4), share: 1 + noise(0.01), warmth: noise(2) })),
    wattHours: 251_000 + noise(4_000),
  }));

  return () => {
    plant.sun += noise(0.003);
    plant.frequency = 50 + noise(0.03);
    plant.volts += noise(0.15);
    plant.mppVolts += noise(0.4);
    return fleet.map((inverter) => {
      const watts = 110_000 * plant.sun * inverter.share * (1 + noise(0.001));
      const volts = [0, 1, 2].map(() => plant.volts + inverter.cable + noise(0.15));
      const reactive = 1_200 + noise(60);
      inverter.cabinet += noise(0.03);
      inverter.heatSink += noise(0.05);
      inverter.wattHours += (watts * everyMs) / 3_600_000;
      return [
        round(watts, 10),
        round(reactive, 10),
        round(Math.hypot(watts, reactive), 10),
        round(watts / Math.hypot(watts, reactive), 0.001),
        round(plant.frequency, 0.01),
        ...volts.map((phase) => round(watts / 3 / phase, 0.1)),
        ...volts.map((phase) => round(phase, 0.1)),
        ...volts.map((phase, i) =>
          round(((phase + (volts[(i + 1) % 3] ?? phase)) / 2) * 1.732, 0.1),
        ),
        round(watts / 0.985, 10),
        round(inverter.cabinet, 0.1),
        round(inverter.heatSink, 0.1),
        4,
        512,
        ...inverter.strings.flatMap((string) => {
          const mppVolts = plant.mppVolts + string.volts + noise(0.5);
          const dc = (watts / 0.985 / trackers.length) * string.share;
          const temperature = inverter.cabinet + 3 + string.warmth;
          return [
            round(mppVolts, 0.1),
            round(dc / mppVolts, 0.01),
            round(dc, 10),
            round(temperature, 0.1),
            4,
          ];
        }),
        round(inverter.wattHours, 10),
      ];
    });
  };
}

/** A register's value: a multiple of its step, without a tail of binary digits. */
function round(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(9));
}

/** Park and Miller's generator: the same fleet each time. */
function seeded(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
