export { absoluteAirmass, relativeAirmass } from "./airmass.ts";
export {
  type AvailabilityRule,
  energyAvailability,
  lostEnergy,
  plantAvailability,
  type TimeAvailability,
  timeAvailability,
  type UnitInterval,
} from "./availability.ts";
export {
  type AvailabilityCategory,
  availabilityCategories,
  categoryOf,
  operationalAvailability,
  technicalAvailability,
} from "./availability-category.ts";
export {
  faiman,
  lagged,
  type Mounting,
  mountings,
  noct,
  type PvsystLoss,
  pvsyst,
  type Surroundings,
  sapmCell,
  sapmModule,
} from "./cell-temperature.ts";
export { type ClearSky, haurwitz, type Irradiance, ineichen } from "./clear-sky.ts";
export { activeLimit, clippedByShape, isClipped, type PowerLimits } from "./clipping.ts";
export { holdsThroughout, isDark, isDarkThroughout } from "./darkness.ts";
export {
  arrayEfficiency,
  capacityFactor,
  energy,
  nightConsumption,
  performanceIndex,
  systemEfficiency,
} from "./energy.ts";
export { clearnessIndex, erbs } from "./erbs.ts";
export { dayOfYear, extraterrestrial } from "./extraterrestrial.ts";
export { ashraeModifier, physicalModifier } from "./incidence-modifier.ts";
export type { PerformanceInterval } from "./interval.ts";
export { instantOfWall, type LocalDay, localDay, localDays, zoneOffset } from "./local-day.ts";
export { median, type PeerDeviation, peerDeviation } from "./peer-deviation.ts";
export {
  bifacialIrradiance,
  performanceRatio,
  type TemperatureCorrection,
  weightedModuleTemperature,
} from "./performance-ratio.ts";
export { angleOfIncidence, cosIncidence, type Direction, type Plane } from "./plane.ts";
export {
  type DcRating,
  defaultLosses,
  type InverterRating,
  pvwattsAc,
  pvwattsDc,
  totalLoss,
} from "./pvwatts.ts";
export type { Sky } from "./sky.ts";
export {
  apparentZenith,
  type Place,
  pressureAt,
  type SunPosition,
  sunPosition,
} from "./sun-position.ts";
export { type PlaneIrradiance, type SkyModel, transpose } from "./transposition.ts";
export {
  irradiation,
  referenceIrradiance,
  type YieldBasis,
  type Yields,
  yields,
} from "./yields.ts";
