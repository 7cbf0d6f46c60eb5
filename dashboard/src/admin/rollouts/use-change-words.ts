import type { RolloutChange } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../kit/use-format.ts";

/** What a roll-out changes, in a line. */
export function useChangeWords(): (change: RolloutChange) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const seconds = (ms: number) => format.short(ms / 1_000);
  return (change) => {
    if (change.kind === "profile") return t("rollout:change.profile", change);
    const { fastMs, normalMs, slowMs } = change.poll;
    const poll = { fast: seconds(fastMs), normal: seconds(normalMs), slow: seconds(slowMs) };
    return t("rollout:change.poll", poll);
  };
}
