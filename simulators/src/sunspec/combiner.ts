import type { InverterSize } from "../plant/size.ts";
import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { exponentFor, signed16 } from "./exponent.ts";
import { type ModelContent, sunspecTable } from "./layout.ts";

/** The inputs that a box has, whether strings are connected to them or not. */
export const combinerInputs = 8;

/** A string's while the inverter works. */
const leastVoltage = 400;

/** Model 404: a combiner box that measures each of its strings. */
export function sunspecCombiner({ watts, trackerWatts }: InverterSize): RegisterTable {
  return sunspecTable([common, box(watts, trackerWatts)]);
}

/** A string has all of its tracker at most. */
const box = (watts: number, stringWatts: number): ModelContent => ({
  id: 404,
  scales: {
    DCA_SF: exponentFor(watts / leastVoltage, signed16, -1),
    DCV_SF: -1,
    DCW_SF: exponentFor(watts, signed16, 1),
    InDCA_SF: exponentFor(stringWatts / leastVoltage, signed16, -2),
    InDCV_SF: -1,
    InDCW_SF: exponentFor(stringWatts, signed16, 0),
  },
  points: {
    DCAMax: "rating.dcCurrent",
    N: "id.strings",
    Evt: "combiner.event",
    DCA: "dc.current",
    DCV: "dc.voltage",
    Tmp: "temp.cabinet",
    DCW: "dc.power",
  },
  blocks: Array.from({ length: combinerInputs }, (_, i) => ({
    points: {
      InID: { fixed: i + 1 },
      InEvt: `dc.string.${i + 1}.event`,
      InDCA: `dc.string.${i + 1}.current`,
      InDCV: `dc.string.${i + 1}.voltage`,
      InDCW: `dc.string.${i + 1}.power`,
    },
  })),
});

/** Evt and InEvt: a fuse has blown. */
export const combinerFuseFault = 2 ** 8;
