import { smoothstep } from "../weather/noise.ts";

/** How much of its power a building's cooling or heating takes at a temperature outside, 0 to 1. */
export function climateShare(outside: number): number {
  const cooling = smoothstep((outside - 20) / 15);
  const heating = 0.8 * smoothstep((12 - outside) / 20);
  return Math.max(cooling, heating);
}
