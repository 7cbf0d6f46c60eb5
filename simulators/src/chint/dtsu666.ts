import type { RegisterTable } from "../registers/register.ts";
import { numbersOf } from "../registers/rows.ts";

/** Transformers of 1000 A to 5 A, none for the voltage. */
export const chintRatios = { "ratio.ct": 200, "ratio.vt": 1 } as const;

const number = numbersOf({ missing: { float32: Number.NaN } });
/** Floats in counts of the display: tenths of a volt are written as 2301.5. */
const float = (address: number, point: string, scale: number, ratio?: number) =>
  number(address, "float32", point, scale, ratio === undefined ? {} : { ratio });
const throughCt = chintRatios["ratio.ct"];
const kilo = 1_000;

/**
 * A DTSU666 on three phases and neutral, behind current transformers: currents, powers and energies
 * are those of the secondary side. Ratios and voltages between phases after the bridge that plays
 * this meter itself; mbmd gives the scales.
 */
export const chintDtsu666: RegisterTable = {
  source:
    "github:volkszaehler/mbmd@901829a68f82cd9e88409ad251fe35b9a5519671:meters/rs485/dtsu666.go, " +
    "github:korneliuszm/nd45_dtsu666_converter@32f034354e89b00c7f1bc255c49a7950f964628f:docs/smartlogger-dtsu-map.md, " +
    "github:gerontec/dtsu666@0015a91ac4dd5462c402c64fc0f48d47b388e56c:read_register.py",
  readBy: 3,
  digitsFrom: "none: no document that says it could be read",
  blocks: [
    [0x0000, 0x0047],
    [0x101e, 0x1032],
    [0x2000, 0x2046],
  ],
  mostPerRead: 50,
  rows: [
    number(0x0006, "uint16", "ratio.ct"),
    number(0x0007, "uint16", "ratio.vt", 0.1),
    float(0x101e, "ac.energy.import.total", kilo, throughCt),
    float(0x1020, "ac.energy.import.total.a", kilo, throughCt),
    float(0x1022, "ac.energy.import.total.b", kilo, throughCt),
    float(0x1024, "ac.energy.import.total.c", kilo, throughCt),
    float(0x1028, "ac.energy.export.total", kilo, throughCt),
    float(0x102a, "ac.energy.export.total.a", kilo, throughCt),
    float(0x102c, "ac.energy.export.total.b", kilo, throughCt),
    float(0x102e, "ac.energy.export.total.c", kilo, throughCt),
    float(0x2000, "ac.voltage.ab", 0.1),
    float(0x2002, "ac.voltage.bc", 0.1),
    float(0x2004, "ac.voltage.ca", 0.1),
    float(0x2006, "ac.voltage.an", 0.1),
    float(0x2008, "ac.voltage.bn", 0.1),
    float(0x200a, "ac.voltage.cn", 0.1),
    float(0x200c, "ac.current.a", 0.001, throughCt),
    float(0x200e, "ac.current.b", 0.001, throughCt),
    float(0x2010, "ac.current.c", 0.001, throughCt),
    float(0x2012, "ac.power.active", 0.1, throughCt),
    float(0x2014, "ac.power.active.a", 0.1, throughCt),
    float(0x2016, "ac.power.active.b", 0.1, throughCt),
    float(0x2018, "ac.power.active.c", 0.1, throughCt),
    float(0x201a, "ac.power.reactive", 0.1, throughCt),
    float(0x201c, "ac.power.reactive.a", 0.1, throughCt),
    float(0x201e, "ac.power.reactive.b", 0.1, throughCt),
    float(0x2020, "ac.power.reactive.c", 0.1, throughCt),
    float(0x202a, "ac.powerFactor", 0.001),
    float(0x202c, "ac.powerFactor.a", 0.001),
    float(0x202e, "ac.powerFactor.b", 0.001),
    float(0x2030, "ac.powerFactor.c", 0.001),
    float(0x2044, "ac.frequency", 0.01),
  ],
};
