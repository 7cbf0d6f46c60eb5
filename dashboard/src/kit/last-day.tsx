import { useTranslation } from "react-i18next";
import { Button } from "./button.tsx";
import type { Period } from "./period.ts";
import { localDate } from "./plant-time.ts";
import { useFormat } from "./use-format.ts";

type LastDayProps = {
  /** The time of the newest data, Unix milliseconds. */
  readonly at: number;
  readonly zone: string;
  readonly onShow: (day: Period) => void;
};

/** Leads to the day of the newest data where the shown period begins after it. */
export function LastDay({ at, zone, onShow }: LastDayProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Button onClick={() => onShow(localDate(zone, at) as Period)}>
      {t("kit:lastDay", { day: format.fullDate(zone, at) })}
    </Button>
  );
}
