import type { RegisterTable } from "../registers/register.ts";
import { type NumberRow, numbersOf } from "../registers/rows.ts";

const number = numbersOf({ missing: { float32: Number.NaN }, lowWordFirst: true });
/** The document numbers registers from 1. */
const held: NumberRow = (register, ...rest) => number(register - 1, ...rest);

/**
 * A TUF-2000M ultrasonic meter. Flow, speed, temperatures, error bits and quality after readings of a
 * real meter; the forward total at 115 after the tuf2000 library. Thermal power, the net and the
 * reverse total were in neither program.
 */
export const tuf2000m: RegisterTable = {
  source:
    "github:arivin29/note-rencana@837c690b5de1abe146348f0b74649cc73b0152ba:iot-service/iot-device-test/TUF2000M-REGISTER-MAP.md, " +
    "github:igrowing/tuf2000@0ef130c6f3843f5ae031c3257d6d3b498f1b713e:src/Tuf2000FlowMeter.h",
  readBy: 3,
  digitsFrom: "none: no document that says it could be read",
  blocks: [[0, 118]],
  mostPerRead: 32,
  rows: [
    held(1, "float32", "fluid.flow"),
    held(5, "float32", "fluid.velocity"),
    held(33, "float32", "temp.heat.flow"),
    held(35, "float32", "temp.heat.return"),
    held(72, "uint16", "alarm.1"),
    held(92, "uint16", "fluid.signal.quality"),
    held(103, "uint32", "state.runTime"),
    held(115, "float32", "fluid.volume.total"),
  ],
};
