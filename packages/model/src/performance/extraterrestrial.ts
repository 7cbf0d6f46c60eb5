/** The solar constant that the vectors use, W/m². */
const solarConstant = 1366.1;

/** Irradiance on a plane facing the sun outside the atmosphere, W/m² (Spencer). */
export function extraterrestrial(dayOfYear: number): number {
  const b = (2 * Math.PI * (dayOfYear - 1)) / 365;
  return (
    solarConstant *
    (1.00011 +
      0.034221 * Math.cos(b) +
      0.00128 * Math.sin(b) +
      0.000719 * Math.cos(2 * b) +
      0.000077 * Math.sin(2 * b))
  );
}

/** The day of the year in UTC, 1 on the first of January. */
export function dayOfYear(at: number): number {
  const year = new Date(at).getUTCFullYear();
  return Math.floor((at - Date.UTC(year, 0, 1)) / 86_400_000) + 1;
}
