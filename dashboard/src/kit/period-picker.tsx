import { useTranslation } from "react-i18next";
import { Segmented } from "./button.tsx";
import type { Period } from "./period.ts";
import styles from "./period-picker.module.css";
import { localDate } from "./plant-time.ts";

type PeriodPickerProps = {
  readonly period: Period;
  readonly zone: string;
  readonly now: number;
  readonly onChange: (period: Period) => void;
};

/** Today, the last seven days or a chosen one. */
export function PeriodPicker({ period, zone, now, onChange }: PeriodPickerProps) {
  const { t } = useTranslation();
  const today = localDate(zone, now);
  const choose = (date: string) => {
    if (date !== "") onChange(date === today ? "today" : (date as Period));
  };
  return (
    <span className={styles.picker}>
      <Segmented
        label={t("kit:period")}
        value={period === "today" || period === "7d" ? period : undefined}
        choices={[
          { value: "today", label: t("kit:period.today") },
          { value: "7d", label: t("kit:period.week") },
        ]}
        onChange={onChange}
      />
      <input
        type="date"
        aria-label={t("kit:period.day")}
        max={today}
        value={period === "today" || period === "7d" ? "" : period}
        data-chosen={period !== "today" && period !== "7d"}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
    </span>
  );
}
