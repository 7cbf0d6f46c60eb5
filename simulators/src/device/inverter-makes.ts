import {
  froniusClock,
  froniusConstants,
  froniusInverter,
  froniusStates,
} from "../fronius/inverter.ts";
import { goodweDt, goodweDtConstants, goodweDtStates } from "../goodwe/dt.ts";
import { goodweErrors } from "../goodwe/errors.ts";
import { goodweEt, goodweEtConstants, goodweEtStates } from "../goodwe/et.ts";
import { growattFaults } from "../growatt/faults.ts";
import { growattConstants, growattDerating, growattStates, growattTl3x } from "../growatt/tl3x.ts";
import { growattTlx } from "../growatt/tlx.ts";
import { huaweiAlarms, huaweiConstants, huaweiStates, huaweiSun2000 } from "../huawei/sun2000.ts";
import type { InverterOutput } from "../plant/inverter.ts";
import type { InverterSize } from "../plant/size.ts";
import type { RegisterTable } from "../registers/register.ts";
import type { SimulatedInverter } from "../scenario/simulated-device.ts";
import { trackersOf } from "../scenario/trackers.ts";
import { smaEvents } from "../sma/events.ts";
import { smaAsleep, smaConstants, smaInverter, smaStates } from "../sma/inverter.ts";
import { solaredgeConstants, solaredgeInverter } from "../solaredge/inverter.ts";
import { solisFaultState } from "../solis/faults.ts";
import { solisConstants, solisStates, solisString } from "../solis/string.ts";
import { sungrowFaults } from "../sungrow/faults.ts";
import { sungrowConstants, sungrowSg, sungrowStates } from "../sungrow/sg.ts";
import { maker } from "../sunspec/common.ts";
import { sunspecEvents, sunspecInverter, sunspecStates } from "../sunspec/inverter.ts";
import type { DeviceValues } from "./values.ts";

/** A make of inverter: its registers, and what it says beside what every inverter measures. */
export type InverterMake = {
  /** That of one with such a nameplate. */
  table(size: InverterSize): RegisterTable;
  says(output: InverterOutput, inverter: SimulatedInverter, at: number): DeviceValues;
  /** What it shows of its values while it sleeps, if not all. */
  asleep?(values: DeviceValues): DeviceValues;
};

const kilowatts = ({ ratedAcW }: SimulatedInverter) => Math.round(ratedAcW / 1000);
const watts = ({ ratedAcW }: SimulatedInverter) => ({
  "setpoint.activePower.watts": ratedAcW,
  "setpoint.export.watts": ratedAcW,
});
/** St and Evt1 of the alliance's model 103. */
const sunspecCodes = ({ phase, condition }: InverterOutput) => ({
  "state.operating": sunspecStates[phase],
  "event.1": sunspecEvents(condition.troubles),
});

const growattSays: InverterMake["says"] = (output) => ({
  ...growattConstants,
  ...growattStates[output.phase],
  ...growattFaults(output.condition.troubles),
  ...growattDerating(output),
});

export const inverterMakes: Readonly<Record<SimulatedInverter["profile"], InverterMake>> = {
  sunspec: {
    table: sunspecInverter,
    says: (output, inverter) => ({
      ...maker,
      "id.model": `SL-${kilowatts(inverter)}K`,
      "id.options": `${trackersOf(inverter).length} MPPT`,
      "event.2": 0,
      ...sunspecCodes(output),
    }),
  },
  fronius: {
    table: froniusInverter,
    says: (output, _inverter, at) => ({
      ...froniusConstants,
      ...froniusClock(at),
      ...froniusStates[output.phase],
      ...sunspecCodes(output),
    }),
  },
  solaredge: {
    table: solaredgeInverter,
    says: (output, inverter) => ({
      ...solaredgeConstants,
      ...watts(inverter),
      ...sunspecCodes(output),
    }),
  },
  "huawei-sun2000": {
    table: () => huaweiSun2000,
    says: ({ phase, condition }, inverter) => ({
      "id.model": `SUN2000-${kilowatts(inverter)}KTL-M3`,
      ...huaweiConstants,
      ...watts(inverter),
      ...huaweiStates[phase],
      ...huaweiAlarms(condition.troubles),
    }),
  },
  "sungrow-sg": {
    table: () => sungrowSg,
    says: ({ phase, condition }) => ({
      ...sungrowConstants,
      ...sungrowStates[phase],
      ...sungrowFaults(condition.troubles),
    }),
  },
  "sma-inverter": {
    table: () => smaInverter,
    says: (output, inverter) => ({
      ...smaConstants,
      ...watts(inverter),
      ...smaStates[output.phase],
      ...smaEvents(output),
    }),
    asleep: smaAsleep,
  },
  "goodwe-dt": {
    table: () => goodweDt,
    says: ({ phase, condition }) => ({
      ...goodweDtConstants,
      ...goodweDtStates[phase],
      ...goodweErrors(condition.troubles),
    }),
  },
  "goodwe-et": {
    table: () => goodweEt,
    says: ({ phase, condition }) => ({
      ...goodweEtConstants,
      ...goodweEtStates[phase],
      ...goodweErrors(condition.troubles),
    }),
  },
  "growatt-tl3x": {
    table: () => growattTl3x,
    says: growattSays,
  },
  "growatt-tlx": {
    table: () => growattTlx,
    says: growattSays,
  },
  "solis-string": {
    table: () => solisString,
    says: ({ phase, condition }) => ({
      ...solisConstants,
      ...solisStates[phase],
      ...(phase === "faulted" && solisFaultState(condition.troubles)),
    }),
  },
};
