import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

/** Not a number, by type; codes have their own mark. */
const number = numbersOf({
  missing: {
    int16: -0x8000,
    int32: -0x8000_0000,
    uint32: 0xffff_ffff,
    uint64: -1,
  },
});
/** A code of the maker's list of tags: 16777213 says that the information is not there. */
const tag = (address: number, point: string) =>
  number(address, "uint32", point, 1, { missing: 0x00ff_fffd });

/** What SMA calls formats: FIX2 has two decimals, FIX3 three, TEMP one. */
const fix2 = 0.01;
const fix3 = 0.001;
const temp = 0.1;

/**
 * A Sunny Tripower with two trackers on SMA's own map. Numbering and types after py-sma-modbus, whose
 * register classes carry no decimals; those of voltages, and the yield of the day, after SMA Modbus
 * for Homey, all other decimals after SMA's own names for formats. A third tracker at 30963 is in
 * neither program and is not simulated.
 */
export const smaInverter: RegisterTable = {
  source:
    "github:maluramichael/py-sma-modbus@f2b7f9b8eb27195ca720ab161c137a567d42834e:sma.py, " +
    "github:ricott/sma.modbus@14f8dc9e7785ecd12ecb918e81be26d368235312:lib/modbus/inverter/registry/base.js, " +
    "github:nymea/nymea-plugins-modbus@1b813d29831bd3bff25fdae2256bd430581c2493:sma/sma-solar-inverter-registers.json",
  readBy: 3,
  blocks: [
    [30_051, 30_061],
    [30_197, 30_249],
    [30_513, 30_537],
    [30_581, 30_585],
    [30_769, 30_815],
    [30_949, 30_963],
    [30_975, 30_983],
    [40_023, 40_031],
    [40_210, 40_216],
  ],
  mostPerRead: 125,
  rows: [
    tag(30_053, "id.typeCode"),
    number(30_057, "uint32", "id.serial"),
    number(30_059, "uint32", "id.version"),
    // The condition; what it does stands at 40029.
    { address: 30_201, type: "uint32", words: 2, scale: 1, fixed: 307 },
    tag(30_217, "state.grid"),
    tag(30_219, "state.derating"),
    number(30_225, "uint32", "dc.insulation.resistance"),
    number(30_231, "uint32", "rating.maxActivePower"),
    number(30_247, "uint32", "fault.code"),
    number(30_513, "uint64", "ac.energy.generated.total"),
    number(30_535, "uint32", "ac.energy.generated.today"),
    number(30_517, "uint64", "ac.energy.generated.today"),
    number(30_521, "uint64", "state.runTime"),
    number(30_581, "uint32", "grid.energy.import.total"),
    number(30_583, "uint32", "grid.energy.export.total"),
    number(30_769, "int32", "dc.mppt.1.current", fix3),
    number(30_771, "int32", "dc.mppt.1.voltage", fix2),
    number(30_773, "int32", "dc.mppt.1.power"),
    number(30_775, "int32", "ac.power.active"),
    number(30_777, "int32", "ac.power.active.a"),
    number(30_779, "int32", "ac.power.active.b"),
    number(30_781, "int32", "ac.power.active.c"),
    number(30_783, "uint32", "ac.voltage.an", fix2),
    number(30_785, "uint32", "ac.voltage.bn", fix2),
    number(30_787, "uint32", "ac.voltage.cn", fix2),
    number(30_795, "uint32", "ac.current.total", fix3),
    number(30_803, "uint32", "ac.frequency", fix2),
    number(30_805, "int32", "ac.power.reactive"),
    number(30_807, "int32", "ac.power.reactive.a"),
    number(30_809, "int32", "ac.power.reactive.b"),
    number(30_811, "int32", "ac.power.reactive.c"),
    number(30_813, "int32", "ac.power.apparent"),
    number(30_949, "uint32", "ac.powerFactor", fix3),
    number(30_953, "int32", "temp.cabinet", temp),
    number(30_957, "int32", "dc.mppt.2.current", fix3),
    number(30_959, "int32", "dc.mppt.2.voltage", fix2),
    number(30_961, "int32", "dc.mppt.2.power"),
    number(30_975, "int32", "dc.bus.voltage", fix2),
    number(30_977, "int32", "ac.current.a", fix3),
    number(30_979, "int32", "ac.current.b", fix3),
    number(30_981, "int32", "ac.current.c", fix3),
    // Only written: until it is, it reads as not a number.
    number(40_023, "int16", "setpoint.activePower.percent", fix2),
    tag(40_029, "state.operating"),
    number(40_210, "uint32", "setpoint.activePower.mode"),
    number(40_212, "uint32", "setpoint.activePower.watts"),
  ],
};

type Values = Readonly<Record<string, number | string>>;

type Codes = {
  readonly "state.operating": number;
  readonly "state.grid": number;
};

/** Tags: 381 stop, 1467 start, 295 MPP, 2119 derating, 1392 fault; the grid relay 51 closed, 311 open. */
export const smaStates: Record<InverterPhase, Codes> = {
  sleeping: { "state.operating": 381, "state.grid": 311 },
  starting: { "state.operating": 1_467, "state.grid": 311 },
  tracking: { "state.operating": 295, "state.grid": 51 },
  limited: { "state.operating": 2_119, "state.grid": 51 },
  faulted: { "state.operating": 1_392, "state.grid": 311 },
};

/** What has no value while it sleeps; totals, states and ratings stay. */
const awakeOnly = /^(ac\.(power|voltage|current|frequency)|dc\.|temp\.)/;

/** The values of a sleeping inverter: it shows "not a number" for all that it would measure. */
export function smaAsleep(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([point, value]) => [
      point,
      awakeOnly.test(point) ? Number.NaN : value,
    ]),
  );
}

/** A Sunny Tripower 25000TL-30, not limited. */
export const smaConstants = {
  "id.typeCode": 9_284,
  "id.serial": 1_901_004_417,
  "id.version": 0x0302_0304,
  "setpoint.activePower.mode": 303,
} as const;
