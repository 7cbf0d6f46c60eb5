import type { Coverage, Freshness } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/use-format.ts";

/** Below this share of reporting devices a figure is marked uncertain. */
export const certainShare = 0.95;
/** Below this share there is none. */
export const leastShare = 0.5;

export function shareOf(coverage: Coverage | null): number {
  return coverage && coverage.total > 0 ? coverage.reporting / coverage.total : 1;
}

/** What stands under a figure: why there is none, or how many devices it rests on. */
export function useCoverageText() {
  const { t } = useTranslation();
  const format = useFormat();
  return (coverage: Coverage | null, reason?: string | undefined): string => {
    if (reason) return t(`kit:reason.${reason}`);
    if (!coverage || coverage.total === 0) return "";
    const { reporting, total } = coverage;
    return t("kit:coverage", { reporting: format.count(reporting), total: format.count(total) });
  };
}

/** A figure that is read each half minute, as fresh as the plant it is of. */
export function slowState(plant: Freshness, value: number | null): Freshness {
  if (value === null) return "never";
  return plant === "stale" || plant === "offline" ? "stale" : "live";
}
