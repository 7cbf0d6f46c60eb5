import type { RegisterTable } from "../registers/register.ts";
import { common } from "./common.ts";
import { sunspecTable } from "./layout.ts";

/** A weather station: irradiance (302), back of module (303), air and wind (307). */
export const sunspecStation: RegisterTable = sunspecTable([
  common,
  {
    id: 302,
    points: {},
    blocks: [{ points: { GHI: "met.irradiance.ghi", POAI: "met.irradiance.poa" } }],
  },
  {
    id: 303,
    points: {},
    blocks: [{ points: { TmpBOM: "temp.pvModule" } }, { points: { TmpBOM: "temp.pvModule.2" } }],
  },
  {
    id: 307,
    points: {
      TmpAmb: "temp.ambient",
      RH: "met.humidity",
      Pres: { point: "met.pressure", factor: 100 },
      WndSpd: "met.wind.speed",
      WndDir: "met.wind.direction",
    },
  },
]);
