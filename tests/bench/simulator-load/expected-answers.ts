import { devicesOf } from "../../../simulators/src/device/device.ts";
import { plantModel, stepMs } from "../../../simulators/src/plant/plant-model.ts";
import { loadScenario } from "../../../simulators/src/scenario/load-scenario.ts";
import { originOf } from "../../../simulators/src/scenario/scenario.ts";

/** Values belong to multiples of this, milliseconds. */
const refreshMs = 200;

export type AnsweredRead = {
  /** The place of the device in the scenario. */
  readonly device: number;
  readonly start: number;
  readonly count: number;
  /** The registers as they were answered. */
  readonly words: Buffer;
  /** When it was asked and answered, Unix milliseconds. */
  readonly asked: number;
  readonly answered: number;
};

/**
 * Whether an answer is what the scenario has at an instant between question and answer, worked out apart from the
 * simulators under test; `undefined` where counters went on meanwhile and nobody can say.
 */
export type Judge = (read: AnsweredRead) => boolean | undefined;

export async function judgeOf(scenarioFile: string): Promise<Judge> {
  const scenario = await loadScenario(scenarioFile);
  const start = { origin: originOf(scenario, Date.now()) };
  const devices = scenario.plants.flatMap((plant) => {
    const model = plantModel(scenario.seed, plant, start);
    model.at(Date.now());
    return devicesOf(model).map((device) => ({ model, device }));
  });
  return ({ device: place, start: first, count, words, asked, answered }) => {
    const known = devices[place];
    if (!known) return false;
    const from = Math.floor(asked / refreshMs) * refreshMs;
    if (stepOf(from) !== stepOf(answered) || known.model.state().at > from) return undefined;
    for (let instant = from; instant <= answered; instant += refreshMs) {
      const shown = known.device.imageAt(known.model.at(instant)).read(first, count);
      if (typeof shown !== "number" && shown.equals(words)) return true;
    }
    return false;
  };
}

function stepOf(at: number): number {
  return Math.floor(at / stepMs);
}
