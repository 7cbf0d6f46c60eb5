import type { RegisterTable } from "../registers/register.ts";
import { type NumberRow, numbersOf } from "../registers/rows.ts";

const number = numbersOf({
  missing: {
    ...{ uint16: 0xffff, int16: 0x7fff },
    ...{ uint32: 0xffff_ffff, int32: 0x7fff_ffff },
    int64: 2 ** 63,
  },
  lowWordFirst: true,
});
/** The document numbers registers from 1; 64 bits come high word first, unlike 32. */
const input: NumberRow = (register, type, point, scale) => {
  const { lowWordFirst: _turned, ...row } = number(register - 1, type, point, scale);
  return type.endsWith("64") ? row : number(register - 1, type, point, scale);
};
const held: NumberRow = (register, type, point, scale) =>
  number(register - 1, type, point, scale, { readBy: 3 });

const tenthKwh = 100;
const tenthKw = 100;

/**
 * A Logger1000 as the sum of its plant, without meter and storage. Numbering, widths and scales after
 * the Home Assistant add-on by Voyanti, which reads energies and the apparent power as signed numbers.
 */
export const sungrowLogger: RegisterTable = {
  source:
    "github:Voyanti/ha-sungrow@06c7a0885fafaee625fce8da95a2031e1c92621e:src/sungrow_logger.py",
  readBy: 4,
  blocks: [
    [7_999, 8_110],
    [8_001, 8_013, 3],
  ],
  mostPerRead: 100,
  rows: [
    input(8_000, "uint16", "id.typeCode"),
    input(8_005, "uint16", "gateway.devices.total"),
    input(8_006, "uint16", "gateway.devices.faulty"),
    input(8_021, "uint32", "io.inputs"),
    input(8_068, "uint16", "state.vendor"),
    input(8_070, "int64", "ac.power.active"),
    input(8_074, "uint32", "ac.energy.generated.today", tenthKwh),
    input(8_076, "int64", "ac.power.reactive"),
    input(8_080, "int64", "ac.energy.generated.total", tenthKwh),
    input(8_086, "uint32", "rating.maxActivePower", tenthKw),
    input(8_092, "uint32", "rating.activePower", tenthKw),
    input(8_096, "uint16", "gateway.devices.running"),
    input(8_098, "int64", "ac.energy.generated.month", tenthKwh),
    input(8_102, "int64", "ac.energy.generated.year", tenthKwh),
    input(8_106, "int64", "ac.power.apparent"),
    held(8_002, "uint16", "setpoint.onOff"),
    held(8_003, "uint32", "setpoint.activePower.watts", tenthKw),
    held(8_005, "uint32", "setpoint.activePower.percent", 0.1),
  ],
};

export const sungrowLoggerConstants = {
  "id.typeCode": 0x0710,
  "io.inputs": 0,
  "state.vendor": 1,
  "setpoint.onOff": 1,
  "setpoint.activePower.percent": 100,
} as const;
