import type { InverterPhase } from "../plant/inverter.ts";
import type { RegisterRow, RegisterTable } from "../registers/register.ts";
import { type NumberRow, numbersOf, textRow } from "../registers/rows.ts";

const number = numbersOf({
  missing: { uint16: 0xffff, int16: 0x7fff, uint32: 0xffff_ffff, int32: 0x7fff_ffff },
  lowWordFirst: true,
});
/** The maker numbers registers from 1, those that are read only and those that are held alike. */
const input: NumberRow = (register, ...rest) => number(register - 1, ...rest);
const held = (register: number, point: string, scale?: number) =>
  number(register - 1, "uint16", point, scale, { readBy: 3 });

const kilo = 1_000;
const tenthKwh = 100;
const hour = 3_600;

/** The first registers of each tracker's voltage and current: three, then five, then four in a row. */
const trackers: RegisterRow[] = [
  ...[5_011, 5_013, 5_015],
  ...[5_115, 5_117, 5_119, 5_121, 5_123],
  ...[5_130, 5_132, 5_134, 5_136],
].flatMap((register, i) => [
  input(register, "uint16", `dc.mppt.${i + 1}.voltage`, 0.1),
  input(register + 1, "uint16", `dc.mppt.${i + 1}.current`, 0.1),
]);

const strings: RegisterRow[] = Array.from({ length: 24 }, (_, i) =>
  input(7_013 + i, "uint16", `dc.string.${i + 1}.current`, 0.01),
);

/**
 * An SG string inverter with its meter. Numbering, widths and scales after SunGather, which keeps the
 * maker's own numbers; texts after nymea; string currents after an unnamed Home Assistant list that
 * says 0.01 A from 7013 on.
 */
export const sungrowSg: RegisterTable = {
  source:
    "github:bohdan-s/SunGather@06482468e98b873ca598df8a2c5df233838d1414:SunGather/registers-sungrow.yaml, " +
    "github:nymea/nymea-plugins-modbus@11d68c0949c53ba488c3ef73267e63d87890c219:sungrow/sungrow-registers.json",
  readBy: 4,
  blocks: [
    [4_949, 4_999],
    [4_999, 5_152],
    [7_012, 7_036],
    [4_999, 5_049, 3],
  ],
  mostPerRead: 100,
  rows: [
    textRow(4_953, 15, "id.version"),
    textRow(4_989, 10, "id.serial"),
    input(5_000, "uint16", "id.typeCode"),
    input(5_001, "uint16", "rating.activePower", 100),
    input(5_003, "uint16", "ac.energy.generated.today", tenthKwh),
    input(5_004, "uint32", "ac.energy.generated.total", kilo),
    input(5_006, "uint32", "state.runTime", hour),
    input(5_008, "int16", "temp.cabinet", 0.1),
    input(5_009, "uint32", "ac.power.apparent"),
    ...trackers,
    input(5_017, "uint32", "dc.power"),
    input(5_019, "uint16", "ac.voltage.an", 0.1),
    input(5_020, "uint16", "ac.voltage.bn", 0.1),
    input(5_021, "uint16", "ac.voltage.cn", 0.1),
    // By the document unsigned, by what SunGather saw signed.
    input(5_022, "int16", "ac.current.a", 0.1),
    input(5_023, "int16", "ac.current.b", 0.1),
    input(5_024, "int16", "ac.current.c", 0.1),
    input(5_031, "uint32", "ac.power.active"),
    input(5_033, "int32", "ac.power.reactive"),
    input(5_035, "int16", "ac.powerFactor", 0.001),
    input(5_036, "uint16", "ac.frequency", 0.1),
    input(5_038, "uint16", "state.operating"),
    input(5_045, "uint16", "fault.code"),
    input(5_071, "uint16", "dc.insulation.resistance", kilo),
    input(5_081, "uint32", "state.word.1"),
    input(5_083, "int32", "grid.power.active"),
    input(5_085, "int32", "grid.power.active.a"),
    input(5_087, "int32", "grid.power.active.b"),
    input(5_089, "int32", "grid.power.active.c"),
    input(5_091, "int32", "load.power.active"),
    input(5_093, "uint32", "grid.energy.export.today", tenthKwh),
    input(5_095, "uint32", "grid.energy.export.total", tenthKwh),
    input(5_097, "uint32", "grid.energy.import.today", tenthKwh),
    input(5_099, "uint32", "grid.energy.import.total", tenthKwh),
    input(5_128, "uint32", "ac.energy.generated.month", tenthKwh),
    input(5_144, "uint32", "ac.energy.generated.total", tenthKwh),
    input(5_147, "uint16", "dc.bus.voltage", 0.1),
    input(5_148, "uint16", "ac.frequency", 0.01),
    ...strings,
    held(5_006, "setpoint.onOff"),
    held(5_007, "setpoint.activePower.enable"),
    held(5_008, "setpoint.activePower.percent", 0.1),
    held(5_010, "setpoint.export.enable"),
    held(5_015, "setpoint.export.percent", 0.1),
    held(5_019, "setpoint.powerFactor", 0.001),
  ],
};

type Codes = { readonly "state.operating": number; readonly "state.word.1": number };

/** Work state 1 (5038) as a code, work state 2 (5081) as bits: 17 says that it runs, 18 that it cannot. */
export const sungrowStates: Record<InverterPhase, Codes> = {
  sleeping: { "state.operating": 0x1400, "state.word.1": 1 << 4 },
  starting: { "state.operating": 0x1600, "state.word.1": 1 << 6 },
  tracking: { "state.operating": 0x0000, "state.word.1": (1 << 0) | (1 << 17) },
  limited: { "state.operating": 0x8100, "state.word.1": (1 << 11) | (1 << 17) },
  faulted: { "state.operating": 0x5500, "state.word.1": (1 << 9) | (1 << 18) },
};

/** What an SG110CX says of itself and is set to. */
export const sungrowConstants = {
  "id.typeCode": 0x2c06,
  "id.version": "SUBCTL-S_04011.01.01",
  "fault.code": 0,
  "setpoint.onOff": 0xcf,
  "setpoint.activePower.enable": 0x55,
  "setpoint.activePower.percent": 100,
  "setpoint.export.enable": 0x55,
  "setpoint.export.percent": 100,
  "setpoint.powerFactor": 1,
} as const;
