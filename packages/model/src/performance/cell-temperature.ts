/** What warms and cools a module: W/m² in its plane, °C, m/s. */
export type Surroundings = {
  readonly irradiance: number;
  readonly airTemperature: number;
  readonly wind: number;
};

/** Module temperature by heat loss coefficients (Faiman). */
export function faiman(
  { irradiance, airTemperature, wind }: Surroundings,
  u0 = 25,
  u1 = 6.84,
): number {
  return airTemperature + irradiance / (u0 + u1 * wind);
}

export type Mounting = { readonly a: number; readonly b: number; readonly deltaT: number };

/** Mountings of the Sandia model. */
export const mountings = {
  openRackGlassGlass: { a: -3.47, b: -0.0594, deltaT: 3 },
  closeRoofGlassGlass: { a: -2.98, b: -0.0471, deltaT: 1 },
  openRackGlassPolymer: { a: -3.56, b: -0.075, deltaT: 3 },
  insulatedBackGlassPolymer: { a: -2.81, b: -0.0455, deltaT: 0 },
} as const satisfies Record<string, Mounting>;

/** Temperature of the module's back (Sandia). */
export function sapmModule(
  { irradiance, airTemperature, wind }: Surroundings,
  { a, b }: Mounting,
): number {
  return irradiance * Math.exp(a + b * wind) + airTemperature;
}

/** Temperature of the cells (Sandia). */
export function sapmCell(surroundings: Surroundings, mounting: Mounting): number {
  return sapmModule(surroundings, mounting) + (surroundings.irradiance / 1000) * mounting.deltaT;
}

export type PvsystLoss = {
  /** 29 free standing, 20 semi-integrated, 15 insulated. */
  readonly constant: number;
  readonly perWind: number;
  readonly efficiency: number;
  readonly absorption: number;
};

/** Cell temperature by PVsyst's heat balance. */
export function pvsyst(
  { irradiance, airTemperature, wind }: Surroundings,
  { constant = 29, perWind = 0, efficiency = 0.2, absorption = 0.9 }: Partial<PvsystLoss> = {},
): number {
  const heat = irradiance * absorption * (1 - efficiency);
  return airTemperature + heat / (constant + perWind * wind);
}

/** Cell temperature from the nominal operating cell temperature (Ross). */
export function noct({ irradiance, airTemperature }: Surroundings, nominal = 45): number {
  return airTemperature + ((nominal - 20) / 800) * irradiance;
}

/** A first-order lag: `before` drawn towards `target` over `elapsedMs`. Data finer than 5 min need it. */
export function lagged(
  before: number,
  target: number,
  elapsedMs: number,
  timeConstantMs: number,
): number {
  return target + (before - target) * Math.exp(-elapsedMs / timeConstantMs);
}
