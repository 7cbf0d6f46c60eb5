import { acrelAdl400, acrelRatios } from "../acrel/adl400.ts";
import { carloGavazziEm24, em24TypeCode } from "../carlo-gavazzi/em24.ts";
import {
  carloGavazziEm24E1,
  carloGavazziEm340,
  em24E1TypeCode,
  em340TypeCode,
} from "../carlo-gavazzi/em24-e1.ts";
import { chintDtsu666, chintRatios } from "../chint/dtsu666.ts";
import { eastronSdm120 } from "../eastron/sdm120.ts";
import { eastronSdm630 } from "../eastron/sdm630.ts";
import { huaweiLoggerMeter } from "../huawei/smartlogger-meter.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { RegisterTable } from "../registers/register.ts";
import type { SimulatedMeter } from "../scenario/simulated-device.ts";
import { schneiderIem3155 } from "../schneider/iem3155.ts";
import { maker } from "../sunspec/common.ts";
import { sunspecMeter } from "../sunspec/meter.ts";
import { tuf2000m } from "../tuf/tuf-2000m.ts";
import { flowValues } from "./flow-values.ts";
import { meterValues } from "./meter-values.ts";
import type { DeviceValues } from "./values.ts";

/** A make of meter: its registers, and what it shows. */
export type MeterMake = {
  /** That of one behind which so many volt-amperes flow at most. */
  table(mostVa: number): RegisterTable;
  shows(reading: PlantReading, tag: string): DeviceValues;
};

const threePhases = (table: MeterMake["table"], texts: DeviceValues = {}): MeterMake => ({
  table,
  shows: (reading, tag) => ({ ...texts, ...meterValues(reading, tag) }),
});

export const meterMakes: Readonly<Record<SimulatedMeter["profile"], MeterMake>> = {
  sunspec: threePhases(sunspecMeter, {
    ...maker,
    "id.model": "SL-M3",
    "id.options": "CT 1500/5",
    "id.serial": "SLM-004417",
  }),
  "eastron-sdm630": threePhases(() => eastronSdm630),
  "eastron-sdm120": {
    table: () => eastronSdm120,
    shows: (reading, tag) => firstPhase(meterValues(reading, tag)),
  },
  "chint-dtsu666": threePhases(() => chintDtsu666, chintRatios),
  "carlogavazzi-em24": threePhases(() => carloGavazziEm24, { "id.typeCode": em24TypeCode }),
  "carlogavazzi-em24-e1": threePhases(() => carloGavazziEm24E1, { "id.typeCode": em24E1TypeCode }),
  "carlogavazzi-em340": threePhases(() => carloGavazziEm340, { "id.typeCode": em340TypeCode }),
  "schneider-iem3155": threePhases(() => schneiderIem3155),
  "acrel-adl400": threePhases(() => acrelAdl400, acrelRatios),
  "huawei-smartlogger-meter": threePhases(() => huaweiLoggerMeter),
  "tuf-2000m": { table: () => tuf2000m, shows: flowValues },
};

/** What a meter sees that is wired to the first phase alone. Reactive energy is a third. */
function firstPhase(values: DeviceValues): DeviceValues {
  const of = (name: string) => Number(values[name]);
  const imported = of("ac.energy.import.total.a");
  const exported = of("ac.energy.export.total.a");
  const drawn = of("ac.energy.reactive.import.total") / 3;
  const given = of("ac.energy.reactive.export.total") / 3;
  return {
    "ac.voltage.an": of("ac.voltage.an"),
    "ac.current.a": of("ac.current.a"),
    "ac.power.active": of("ac.power.active.a"),
    "ac.power.apparent": of("ac.power.apparent.a"),
    "ac.power.reactive": of("ac.power.reactive.a"),
    "ac.powerFactor": of("ac.powerFactor.a"),
    "ac.frequency": of("ac.frequency"),
    "ac.energy.import.total": imported,
    "ac.energy.export.total": exported,
    "ac.energy.sum.total": imported + exported,
    "ac.energy.reactive.import.total": drawn,
    "ac.energy.reactive.export.total": given,
    "ac.energy.reactive.total": drawn + given,
  };
}
