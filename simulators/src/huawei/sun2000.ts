import { cataloguePoint } from "@sunledger/model/points";
import type { Trouble } from "../plant/condition.ts";
import type { InverterPhase } from "../plant/inverter.ts";
import { type RegisterRow, type RegisterTable, wordsOf } from "../registers/register.ts";

type Number = "int16" | "uint16" | "int32" | "uint32";

/** The maker's marks for "no value", by type. */
const none: Record<Number, number> = {
  int16: 0x7fff,
  uint16: 0xffff,
  int32: 0x7fff_ffff,
  uint32: 0xffff_ffff,
};

/** A number by the maker's table: `gain` counts make one unit there, `unit` of which are one canonical. */
function number(address: number, type: Number, point: string, gain = 1, perUnit = 1): RegisterRow {
  const canonical = cataloguePoint(point);
  return {
    address,
    type,
    words: wordsOf[type],
    point,
    scale: perUnit / gain,
    missing: none[type],
    ...(canonical?.unit && { unit: canonical.unit }),
    ...(canonical?.kind === "counter" && { counter: true }),
  };
}

function text(address: number, words: number, point: string): RegisterRow {
  return { address, type: "string", words, point, scale: 1, missing: "" };
}

const kilo = 1_000;
const mega = 1_000_000;

const identity: RegisterRow[] = [
  text(30_000, 15, "id.model"),
  text(30_015, 10, "id.serial"),
  text(30_050, 15, "id.version"),
  number(30_070, "uint16", "id.typeCode"),
  number(30_071, "uint16", "id.strings"),
  number(30_072, "uint16", "id.mppts"),
  number(30_073, "uint32", "rating.activePower"),
  number(30_075, "uint32", "rating.maxActivePower"),
];

const condition: RegisterRow[] = [
  number(32_000, "uint16", "state.word.1"),
  number(32_002, "uint16", "state.word.2"),
  number(32_003, "uint32", "state.word.3"),
  number(32_008, "uint16", "alarm.1"),
  number(32_009, "uint16", "alarm.2"),
  number(32_010, "uint16", "alarm.3"),
  number(32_089, "uint16", "state.operating"),
  number(32_090, "uint16", "fault.code"),
];

/** PV1 to PV24: voltage with gain 10, current with gain 100, two registers a string from 32016 on. */
const strings: RegisterRow[] = Array.from({ length: 24 }, (_, i) => [
  number(32_016 + 2 * i, "int16", `dc.string.${i + 1}.voltage`, 10),
  number(32_017 + 2 * i, "int16", `dc.string.${i + 1}.current`, 100),
]).flat();

const measurements: RegisterRow[] = [
  number(32_064, "int32", "dc.power"),
  number(32_066, "uint16", "ac.voltage.ab", 10),
  number(32_067, "uint16", "ac.voltage.bc", 10),
  number(32_068, "uint16", "ac.voltage.ca", 10),
  number(32_069, "uint16", "ac.voltage.an", 10),
  number(32_070, "uint16", "ac.voltage.bn", 10),
  number(32_071, "uint16", "ac.voltage.cn", 10),
  number(32_072, "int32", "ac.current.a", 1_000),
  number(32_074, "int32", "ac.current.b", 1_000),
  number(32_076, "int32", "ac.current.c", 1_000),
  number(32_080, "int32", "ac.power.active"),
  number(32_082, "int32", "ac.power.reactive"),
  number(32_084, "int16", "ac.powerFactor", 1_000),
  number(32_085, "uint16", "ac.frequency", 100),
  number(32_086, "uint16", "conversion.efficiency", 100),
  number(32_087, "int16", "temp.cabinet", 10),
  // MΩ with gain 1000.
  number(32_088, "uint16", "dc.insulation.resistance", 1_000, mega),
];

/** kWh with gain 100: one count is 10 Wh. */
const energies: RegisterRow[] = [
  number(32_106, "uint32", "ac.energy.generated.total", 100, kilo),
  number(32_108, "uint32", "dc.energy.total", 100, kilo),
  number(32_114, "uint32", "ac.energy.generated.today", 100, kilo),
  number(32_116, "uint32", "ac.energy.generated.month", 100, kilo),
  number(32_118, "uint32", "ac.energy.generated.year", 100, kilo),
  ...Array.from({ length: 10 }, (_, i) =>
    number(32_212 + 2 * i, "uint32", `dc.mppt.${i + 1}.energy.total`, 100, kilo),
  ),
];

const setPoints: RegisterRow[] = [
  number(40_125, "int16", "setpoint.activePower.percent", 10),
  number(40_126, "uint32", "setpoint.activePower.watts"),
  number(47_415, "uint16", "setpoint.activePower.mode"),
  number(47_416, "int32", "setpoint.export.watts"),
  number(47_418, "int16", "setpoint.export.percent", 10),
];

/**
 * A SUN2000 string inverter. Numbering, widths and gains after
 * huawei-solar-lib, whose own numbering is that of the maker's "Solar Inverter Modbus Interface
 * Definitions"; no meter is connected, so its registers from 37100 on are not there.
 */
export const huaweiSun2000: RegisterTable = {
  source:
    "github:wlcrs/huawei-solar-lib@873c1b3b664e1eadad731cf65901dfb54749c529:src/huawei_solar/registers.py",
  readBy: 3,
  blocks: [
    [30_000, 30_083],
    [32_000, 32_120],
    [32_212, 32_232],
    [40_122, 40_131],
    [47_415, 47_419],
  ],
  mostPerRead: 125,
  rows: [...identity, ...condition, ...strings, ...measurements, ...energies, ...setPoints],
};

type Codes = { readonly "state.operating": number; readonly "state.word.1": number };

/** Device status (32089) and state word (32000) by what the inverter does. */
export const huaweiStates: Record<InverterPhase, Codes> = {
  sleeping: { "state.operating": 0xa000, "state.word.1": 0b1 },
  starting: { "state.operating": 0x0002, "state.word.1": 0b1 },
  tracking: { "state.operating": 0x0200, "state.word.1": 0b110 },
  limited: { "state.operating": 0x0202, "state.word.1": 0b1_0010 },
  faulted: { "state.operating": 0x0300, "state.word.1": 0b100_0000 },
};

/** Alarm register (from 1 on), bit and the alarm's number. A blown fuse is an abnormal string. */
const alarms: Record<Trouble, readonly [register: 1 | 2 | 3, bit: number, code: number]> = {
  "blown-string-fuse": [1, 4, 2013],
  "grid-loss": [1, 7, 2032],
  "under-voltage": [1, 8, 2033],
  "over-voltage": [1, 9, 2034],
  "over-frequency": [1, 11, 2036],
  "under-frequency": [1, 12, 2037],
  "ground-fault": [2, 2, 2062],
  "over-temperature": [2, 3, 2063],
  "device-fault": [2, 4, 2064],
};

/** Alarm registers 32008 to 32010, and the fault code (32090) of the last of what is wrong. */
export function huaweiAlarms(troubles: readonly Trouble[]) {
  const word = (register: number) =>
    troubles.reduce((bits, trouble) => {
      const [own, bit] = alarms[trouble];
      return own === register ? bits + 2 ** bit : bits;
    }, 0);
  const last = troubles.at(-1);
  return {
    "alarm.1": word(1),
    "alarm.2": word(2),
    "alarm.3": word(3),
    "fault.code": last === undefined ? 0 : alarms[last][2],
  };
}

/** What a SUN2000 says of itself and is set to. */
export const huaweiConstants = {
  "id.version": "V500R001C00SPC152",
  "id.typeCode": 430,
  "state.word.2": 0b111,
  "state.word.3": 0,
  "setpoint.activePower.percent": 100,
  "setpoint.activePower.mode": 0,
  "setpoint.export.percent": 100,
} as const;
