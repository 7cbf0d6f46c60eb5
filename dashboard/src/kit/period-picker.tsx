import { useRef } from "react";
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

/** Today, the last seven days or a chosen one, which is typed or picked from a calendar. */
export function PeriodPicker({ period, zone, now, onChange }: PeriodPickerProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const today = localDate(zone, now);
  const relative = period === "today" || period === "7d";
  const choose = (date: string) => {
    if (date !== "" && date <= today) onChange(date === today ? "today" : (date as Period));
  };
  return (
    <span className={styles.picker}>
      <Segmented
        label={t("kit:period")}
        value={relative ? period : "day"}
        choices={[
          { value: "today", label: t("kit:period.today") },
          { value: "7d", label: t("kit:period.week") },
          { value: "day", label: relative ? t("kit:period.day") : period },
        ]}
        onChange={(next) => {
          if (next === "day") field.current?.showPicker();
          else onChange(next as Period);
        }}
      />
      <input
        ref={field}
        className={styles.field}
        type="date"
        tabIndex={-1}
        aria-hidden="true"
        max={today}
        value={relative ? "" : period}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
    </span>
  );
}
