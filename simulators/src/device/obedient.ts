import type { PlantModel } from "../plant/plant-model.ts";
import type { ModbusException } from "../registers/image.ts";
import type { SetPoints } from "../registers/set-points.ts";
import type { SimulatedDevice } from "../scenario/simulated-device.ts";
import { lapseOf, writtenLimit } from "./written-limit.ts";

/** A device that takes orders. */
export type Obedient = {
  /** Takes words at an instant, or answers by an exception. */
  write(address: number, words: Buffer, at: number): ModbusException | undefined;
  /** What its set-points hold at an instant, by point. */
  heldAt(at: number): Readonly<Record<string, number>>;
};

/** Set-points that hold what they are given; an inverter of the model obeys a limit on its active power. */
export function obedient(
  setPoints: SetPoints,
  device: SimulatedDevice,
  model: PlantModel | undefined,
): Obedient {
  let lapse: { readonly at: number; readonly point: string } | undefined;
  const lapseBy = (instant: number) => {
    if (!lapse || instant < lapse.at) return;
    setPoints.set(lapse.point, 0);
    lapse = undefined;
  };

  return {
    write(address, words, at) {
      lapseBy(at);
      const refusal = setPoints.write(address, words);
      if (refusal !== undefined || device.kind !== "inverter") return refusal;
      lapse = lapseOf(device, setPoints.values, at);
      model?.limit(device.tag, writtenLimit(device, setPoints.values), at, lapse?.at);
      return undefined;
    },

    heldAt(at) {
      lapseBy(at);
      return setPoints.values;
    },
  };
}
