import type { InverterSize } from "../plant/size.ts";
import type { RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";
import { common } from "../sunspec/common.ts";
import { threePhase } from "../sunspec/inverter.ts";
import { sunspecTable } from "../sunspec/layout.ts";

/** The vendor's own registers hold low words first, the alliance's high words. */
const number = numbersOf({ missing: { float32: Number.NaN }, lowWordFirst: true });

/** SolarEdge's own set-points; the integration writes them low word first, as it does all of this part of the map. */
export const solaredgeControls: RegisterTable = {
  source:
    "github:WillCodeForCats/solaredge-modbus-multi@7ec14a609841c0c6023a6956d88890bf74884ac8:custom_components/solaredge_modbus_multi/number.py, " +
    "github:WillCodeForCats/solaredge-modbus-multi@4e8302295559c9a01f04b67ad0dea09f91b51437:custom_components/solaredge_modbus_multi/select.py",
  readBy: 3,
  blocks: [
    [0xe000, 0xe004],
    [0xf000, 0xf004],
  ],
  mostPerRead: 125,
  rows: [
    number(0xe000, "uint16", "setpoint.export.enable"),
    number(0xe002, "float32", "setpoint.export.watts"),
    number(0xf001, "uint16", "setpoint.activePower.percent"),
    number(0xf002, "float32", "setpoint.powerFactor"),
  ],
};

/** A three-phase SolarEdge inverter without meters: models 1 and 103, then its own set-points. */
export function solaredgeInverter(size: InverterSize): RegisterTable {
  const measured = threePhase(size);
  const chain = sunspecTable([
    common,
    { ...measured, points: { ...measured.points, StVnd: "state.vendor" } },
  ]);
  return {
    ...chain,
    blocks: [...chain.blocks, ...solaredgeControls.blocks],
    rows: [...chain.rows, ...solaredgeControls.rows],
  };
}

export const solaredgeConstants = {
  "id.manufacturer": "SolarEdge",
  "id.model": "SE27.6K-RW0T0BNN4",
  "id.version": "0004.0018.0518",
  "state.vendor": 0,
  "event.2": 0,
  "setpoint.export.enable": 0,
  "setpoint.activePower.percent": 100,
  "setpoint.powerFactor": 1,
} as const;
