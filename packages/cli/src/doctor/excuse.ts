import type { RunningHouse } from "../start/running-house.ts";
import type { HouseTime } from "./house-time.ts";

/** Within this time gateways have signed in and each device has reported at least once. */
const settlingMs = 60_000;

/** Why a house may not have everything yet; `undefined` where it should have. `now`: the system's time. */
export function excuseOf(
  { ready, readyAt = 0, programs }: RunningHouse,
  time: HouseTime,
  now: number,
): string | undefined {
  if (time.now === undefined) return "it waits for its driver's first tick";
  if (!ready) return "the house is still starting";
  const age = now - readyAt;
  if (age < settlingMs) return `the house has been ready for ${Math.round(age / 1_000)} s only`;
  const filling = programs.some(({ name, state }) => name === "history" && state === "running");
  return filling ? "the days before the first start are still being stored" : undefined;
}
