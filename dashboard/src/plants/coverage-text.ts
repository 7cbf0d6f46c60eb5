import type { Coverage } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/use-format.ts";

/** How many of the devices report, and how many sleep: `7 of 8 reporting`, `all 8 asleep`. */
export function useCoverageText(): (coverage: Coverage, short?: boolean) => string {
  const { t } = useTranslation();
  const format = useFormat();
  return ({ reporting, total, asleep = 0 }, short = false) => {
    if (asleep > 0 && asleep === total) return t("kit:coverage.allAsleep", { count: total });
    const counts = {
      reporting: format.count(reporting),
      total: format.count(total),
      asleep: format.count(asleep),
    };
    if (asleep > 0) return t("kit:coverage.asleep", counts);
    return t(short ? "kit:coverage.short" : "kit:coverage", counts);
  };
}
