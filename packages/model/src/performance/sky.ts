import type { Irradiance } from "./clear-sky.ts";
import type { Direction } from "./plane.ts";

/** What a sky model needs to know of an instant. */
export type Sky = Irradiance & {
  readonly sun: Direction;
  readonly extraterrestrial: number;
  /** Needed by Perez alone. */
  readonly relativeAirmass: number;
};
