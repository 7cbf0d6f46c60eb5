import { Popover } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Segmented } from "./button.tsx";
import { Fence } from "./panel.tsx";
import type { Period } from "./period.ts";
import styles from "./period-picker.module.css";
import { localDate } from "./plant-time.ts";

type PeriodPickerProps = {
  readonly period: Period;
  readonly zone: string;
  readonly now: number;
  readonly onChange: (period: Period) => void;
};

/** Comes along when a day is first asked for. */
const DayCalendar = lazy(async () => ({
  default: (await import("./day-calendar.tsx")).DayCalendar,
}));

/** Today, the last seven days or a day picked from a calendar that ends today. */
export function PeriodPicker({ period, zone, now, onChange }: PeriodPickerProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const today = localDate(zone, now);
  // The popover hears the key only from within, where the focus is not before the calendar is there.
  useWindowEvent("keydown", ({ key }) => key === "Escape" && setOpened(false));
  const relative = period === "today" || period === "7d";
  const choose = (next: Period) => {
    setOpened(false);
    onChange(next);
  };
  return (
    // One element whether open or not: what lays it out does not see the calendar.
    <div className={styles.picker}>
      {/* The button says what it opens; a role of its own the frame around it has none. */}
      <Popover
        opened={opened}
        onChange={setOpened}
        position="bottom-end"
        returnFocus
        withRoles={false}
        hideDetached={false}
      >
        <Popover.Target>
          <span className={styles.picker}>
            <Segmented
              label={t("kit:period")}
              value={relative ? period : "day"}
              choices={[
                { value: "today", label: t("kit:period.today") },
                { value: "7d", label: t("kit:period.week") },
                { value: "day", label: relative ? t("kit:period.day") : period, opened },
              ]}
              onChange={(next) => (next === "day" ? setOpened(!opened) : choose(next as Period))}
            />
          </span>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={t("kit:calendar")}>
          <div className={styles.calendar}>
            <Fence>
              <Suspense>
                <DayCalendar
                  day={relative ? undefined : period}
                  last={today}
                  onChoose={(day) => choose(day === today ? "today" : (day as Period))}
                />
              </Suspense>
            </Fence>
          </div>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}
