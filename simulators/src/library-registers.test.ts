import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test, vi } from "vitest";
import { type Device, devicesOf } from "./device/device.ts";
import { idleFaults } from "./device/idle-faults.ts";
import { deviceOf, type Fault, type FaultName, idOf } from "./faults/fault.ts";
import { plantModel, stepMs } from "./plant/plant-model.ts";
import { type PointRow, pointRows } from "./registers/register.ts";
import { loadScenario } from "./scenario/load-scenario.ts";
import type { SimulatedPlant } from "./scenario/scenario.ts";

/** A busy machine takes its time. */
vi.setConfig({ testTimeout: 60_000 });

const library = new URL("../scenarios/", import.meta.url);
const files = readdirSync(library).filter((file) => file.endsWith(".yaml"));
const loaded = (file: string) => loadScenario(fileURLToPath(new URL(file, library)));

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

type Strings = { readonly strings: readonly number[] };
const currentsOf = ({ strings }: Strings) => strings.map((n) => `dc.string.${n}.current`);
const named = ({ points }: { readonly points: readonly string[] }) => points;
const voltages = ["ac.voltage.an", "ac.voltage.bn", "ac.voltage.cn"];

/**
 * Where a fault must show: in the registers of which points, and of one kind of device where it is the plant's. What
 * acts on the wire has none.
 */
type Shows = { readonly points: readonly string[]; readonly at?: Device["device"]["kind"] };
type ShowsIn = { [K in FaultName]: (fault: Extract<Fault, { kind: K }>) => Shows | undefined };

const power = ["ac.power.active", "dc.power", "state.operating"];
const onTheWire = () => undefined;
const inNamed = (fault: { readonly points: readonly string[] }) => ({ points: named(fault) });
const inClock = () => ({ points: ["state.clock"] });
const showsIn: ShowsIn = {
  "inverter-trip": () => ({ points: [...power, "event.1"] }),
  "plant-trip": () => ({ points: power, at: "inverter" }),
  "insulation-fault": () => ({ points: [...power, "dc.insulation.resistance"] }),
  overtemperature: () => ({ points: ["temp.cabinet", "temp.heatsink", "event.1"] }),
  "string-open": (fault) => ({ points: currentsOf(fault) }),
  "blown-fuse": (fault) => ({ points: currentsOf(fault) }),
  "string-loss": (fault) => ({ points: currentsOf(fault) }),
  shading: (fault) => ({ points: currentsOf(fault) }),
  soiling: () => ({ points: ["ac.power.active", "dc.power"], at: "inverter" }),
  degradation: () => ({ points: ["ac.power.active", "dc.power"], at: "inverter" }),
  curtailment: () => ({ points: ["ac.power.active", "dc.power"], at: "inverter" }),
  "phase-loss": ({ phase }) => ({ points: [`ac.voltage.${phase}n`, "ac.current.a"], at: "meter" }),
  "voltage-excursion": () => ({ points: voltages, at: "meter" }),
  "voltage-unbalance": () => ({ points: ["ac.voltage.cn"], at: "meter" }),
  "frequency-excursion": () => ({ points: ["ac.frequency"], at: "meter" }),
  "sensor-drift": () => ({ points: ["met.irradiance.poa", "met.irradiance.ghi"] }),
  "meter-reversal": () => ({ points: ["ac.power.active", "ac.energy.import.total"] }),
  "meter-exchange": () => ({ points: ["ac.energy.import.total", "ac.energy.export.total"] }),
  "counter-reset": () => ({ points: ["ac.energy.generated.total"] }),
  noise: inNamed,
  "scale-change": inNamed,
  sentinel: inNamed,
  "sign-flip": inNamed,
  spike: inNamed,
  stuck: inNamed,
  "byte-swap": inNamed,
  "counter-rollover": inNamed,
  "transient-zero": inNamed,
  "clock-drift": inClock,
  "clock-jump": inClock,
  "clock-dst-error": inClock,
  "comms-loss": onTheWire,
  "no-answer": onTheWire,
  "slow-answer": onTheWire,
  "half-open": onTheWire,
  "connection-drop": onTheWire,
  "exception-answer": onTheWire,
  "wrong-transaction": onTheWire,
  "partial-frames": onTheWire,
  "merged-frames": onTheWire,
  garbage: onTheWire,
  "one-client": onTheWire,
};

function placeOf(fault: Fault): Shows | undefined {
  // A kind and its function belong together by the table; the compiler loses that in the union.
  return (showsIn[fault.kind] as (fault: Fault) => Shows | undefined)(fault);
}

/** A plant with all of its faults and without one of them, at the same instants. */
function twins(seed: string, plant: SimulatedPlant, fault: Fault, from: number) {
  const whole = plantModel(seed, plant, { origin: from });
  const faults = plant.faults.filter((other) => other !== fault);
  const other = plantModel(seed, { ...plant, faults }, { origin: from });
  const [ill, well] = [devicesOf(whole), devicesOf(other)];
  const { at } = placeOf(fault) ?? {};
  const tag = deviceOf(fault);
  const place = ill.findIndex(({ device }) => (tag ? device.tag === tag : device.kind === at));
  const [sick, sound] = [ill[place], well[place]];
  if (!sick || !sound) throw new Error(`nothing shows ${fault.kind}`);
  return {
    rows: pointRows(sick.table),
    /** The points whose registers differ at an instant. */
    differing(when: number): Set<string> {
      const images = [sick.imageAt(whole.at(when)), sound.imageAt(other.at(when))];
      const words = ({ address, words: count, readBy }: PointRow) =>
        images.map((image) => {
          const answer = image.read(address, count, readBy);
          return Buffer.isBuffer(answer) ? answer.toString("hex") : answer;
        });
      return new Set(
        pointRows(sick.table).flatMap((row) => {
          const [one, another] = words(row);
          return one === another ? [] : [row.point];
        }),
      );
    },
  };
}

const cases = await Promise.all(
  files.map(async (file) => {
    const scenario = await loaded(file);
    return scenario.plants.flatMap((plant) =>
      plant.faults
        .filter((fault) => placeOf(fault) !== undefined)
        .map((fault) => ({ file, id: idOf(fault), scenario, plant, fault })),
    );
  }),
);

describe("each fault of the library", () => {
  test.each(cases.flat())("shows in its registers while it lasts: $file $id", (one) => {
    const { scenario, plant, fault } = one;
    const { start: beginning = 0 } = scenario;
    const begins = Math.max(fault.start, beginning);
    const until = Math.min(fault.end ?? Number.POSITIVE_INFINITY, begins + 2 * day);
    const { rows, differing } = twins(scenario.seed, plant, fault, begins - hour);
    const known = new Set(rows.map(({ point }) => point));
    const missing = new Set(placeOf(fault)?.points.filter((point) => known.has(point)));

    expect(missing.size).toBeGreaterThan(0);
    // Counters are worked out in steps.
    if (fault.start > beginning) expect(differing(fault.start - stepMs)).toEqual(new Set());
    for (let at = begins; at < until && missing.size > 0; at += 10 * minute) {
      for (const point of differing(at)) missing.delete(point);
    }
    expect(missing).toEqual(new Set());

    if (fault.end === undefined || fault.end > until) return;
    // Counters have gained less or more; all else is as it was when inverters have started again.
    const left = [...differing(fault.end + 6 * minute)];
    expect(left.filter((point) => !/energy|demand/.test(point))).toEqual([]);
  });

  test.each(files)("changes something a device shows: %s", async (file) => {
    const { seed, plants } = await loaded(file);

    expect(plants.flatMap((plant) => idleFaults(seed, plant, undefined))).toEqual([]);
  });

  test.each(files)("leaves no register of a measurement full: %s", async (file) => {
    const { seed, plants, start = Date.parse("2026-06-21T05:00:00+08:00") } = await loaded(file);
    for (const plant of plants.slice(0, 3)) {
      const model = plantModel(seed, { ...plant, faults: [] }, { origin: start });
      const devices = devicesOf(model);
      for (const hours of [0, 7]) {
        const reading = model.at(start + hours * hour);
        expect(devices.flatMap((device) => full(device, device.valuesAt(reading)))).toEqual([]);
      }
    }
  });
});

/** The points whose registers hold the most that they can. */
function full({ device, table }: Device, values: ReturnType<Device["valuesAt"]>): string[] {
  return pointRows(table).flatMap(({ point, type, scale, ratio = 1, unit, counter }) => {
    const bits = Number(type.replace(/\D/g, "")) - (type.startsWith("int") ? 1 : 0);
    const value = Number(values.get(point));
    // Inverters for homes stand beside a plant that is more than their view of the grid holds.
    if (point.startsWith("grid.")) return [];
    // Codes and marks are no measurements; what counts begins anew.
    if (unit === undefined || counter || type === "string" || type === "float32") return [];
    const most = (2 ** bits - 1) * scale * ratio;
    return Math.abs(value) >= most * (1 - 1e-9) ? [`${device.tag} ${point}`] : [];
  });
}
