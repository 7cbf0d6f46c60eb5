import { setImmediate as others } from "node:timers/promises";
import { type Scope, steadyMs } from "@sunledger/runtime";
import type { PlantModel } from "./plant/plant-model.ts";

/** So much is counted before it is looked whether to go on; a multiple of the counters' steps. */
const sliceMs = 3_600_000;
/** So long, in real time, nobody else has a turn, and so long nothing is said. */
const [turnMs, silenceMs] = [20, 5_000];

/**
 * Lets the counters of a plant come to an instant, Unix milliseconds, from where they stand: years of a scenario that
 * begins long ago take minutes. It says how far it has come, and ends early with the signal.
 */
export async function countUp(
  model: PlantModel,
  to: number,
  { log, signal }: Pick<Scope, "log" | "signal">,
): Promise<void> {
  let [turn, said] = [steadyMs(), steadyMs()];
  for (let at = model.state().at + sliceMs; at < to && !signal.aborted; at += sliceMs) {
    model.at(at);
    const now = steadyMs();
    if (now - said > silenceMs) {
      said = now;
      log.info({ plant: model.plant.code, at: new Date(at).toISOString() }, "counting up");
    }
    if (now - turn < turnMs) continue;
    await others();
    turn = steadyMs();
  }
  if (!signal.aborted) model.at(to);
}
