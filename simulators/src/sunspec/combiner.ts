import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { sunspecTable } from "./layout.ts";

/** The inputs that a box has, whether strings are connected to them or not. */
export const combinerInputs = 8;

/** Model 404: a combiner box that measures each of its strings. */
export const sunspecCombiner: RegisterTable = sunspecTable([
  common,
  {
    id: 404,
    scales: {
      ...{ DCA_SF: -1, DCV_SF: -1, DCW_SF: 1 },
      ...{ InDCA_SF: -2, InDCV_SF: -1, InDCW_SF: 0 },
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
  },
]);

/** Evt and InEvt: a fuse has blown. */
export const combinerFuseFault = 2 ** 8;
