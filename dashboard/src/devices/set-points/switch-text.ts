import type { DeviceDetail, SetPointRules } from "@sunledger/model";
import { usePointLabel } from "../../points/point-label.ts";

/**
 * What is written beside a set-point to make it count, as `Active power limit on (123:WMaxLim_Ena) = 1`;
 * `undefined` where nothing is.
 */
export function useSwitchText({ points }: Pick<DeviceDetail, "points">) {
  const label = usePointLabel();
  return ({ enabledBy }: Pick<SetPointRules, "enabledBy">): string | undefined => {
    if (!enabledBy) return undefined;
    const { point, equals } = enabledBy;
    const source = points.find(({ name }) => name === point)?.source ?? point;
    return `${label(point)} (${source}) = ${equals}`;
  };
}
