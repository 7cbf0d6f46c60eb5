import {
  huaweiSmartlogger,
  smartloggerConstants,
  smartloggerStates,
} from "../huawei/smartlogger.ts";
import { behindSmartlogger, type LoggerLink } from "../huawei/smartlogger-link.ts";
import type { PlantReading } from "../plant/plant-model.ts";
import type { RegisterImage } from "../registers/image.ts";
import type { RegisterTable } from "../registers/register.ts";
import type { SimulatedInverter, SimulatedLogger } from "../scenario/simulated-device.ts";
import { sungrowLogger, sungrowLoggerConstants } from "../sungrow/logger.ts";
import { inverterValues } from "./inverter-values.ts";
import type { DeviceValues } from "./values.ts";

/** A make of logger: its registers, and what it shows of the inverters behind it. */
export type LoggerMake = {
  readonly table: RegisterTable;
  shows(reading: PlantReading, inverters: readonly SimulatedInverter[]): DeviceValues;
  /** Its own unit id, where others stand behind it at 1 and above. */
  readonly unit: number;
  /** How a device behind it looks through it. */
  through(image: RegisterImage, link: LoggerLink): RegisterImage;
};

export const loggerMakes: Readonly<Record<SimulatedLogger["profile"], LoggerMake>> = {
  "huawei-smartlogger": {
    table: huaweiSmartlogger,
    unit: 0,
    through: behindSmartlogger,
    shows: (reading, inverters) => ({
      ...sums(reading, inverters),
      ...smartloggerConstants,
      "state.clock": Math.floor(reading.moment.at / 1000),
      "state.operating": smartloggerStates[reading.moment.inverters[0]?.phase ?? "sleeping"],
    }),
  },
  "sungrow-logger": {
    table: sungrowLogger,
    unit: 247,
    through: (image, { lost }) => (lost ? { values: image.values, read: () => 11 } : image),
    shows: (reading, inverters) => ({ ...sums(reading, inverters), ...sungrowLoggerConstants }),
  },
};

const added = [
  ...["dc.power", "ac.power.active", "ac.power.reactive"],
  ...["ac.current.a", "ac.current.b", "ac.current.c"],
  ...["total", "today", "month", "year"].map((span) => `ac.energy.generated.${span}`),
  ...["rating.activePower", "rating.maxActivePower"],
];

/** What the inverters of a plant are together; the voltages are those of the first. */
function sums(reading: PlantReading, inverters: readonly SimulatedInverter[]): DeviceValues {
  const { moment } = reading;
  const each = inverters.flatMap((inverter, place) => {
    const output = moment.inverters[place];
    return output ? [inverterValues(reading, output, inverter)] : [];
  });
  const sum = (point: string) => each.reduce((all, one) => all + Number(one[point]), 0);
  const active = sum("ac.power.active");
  const apparent = Math.hypot(active, sum("ac.power.reactive"));
  const faulty = moment.inverters.filter(({ phase }) => phase === "faulted").length;
  const running = moment.inverters.filter(({ dcPower }) => dcPower > 0).length;
  return {
    ...Object.fromEntries(added.map((point) => [point, sum(point)])),
    "ac.power.apparent": apparent,
    "ac.powerFactor": apparent > 0 ? active / apparent : 0,
    "ac.voltage.ab": each[0]?.["ac.voltage.ab"] ?? 0,
    "ac.voltage.bc": each[0]?.["ac.voltage.bc"] ?? 0,
    "ac.voltage.ca": each[0]?.["ac.voltage.ca"] ?? 0,
    "gateway.devices.total": inverters.length,
    "gateway.devices.faulty": faulty,
    "gateway.devices.running": running,
    "setpoint.activePower.watts": sum("rating.activePower"),
  };
}
