import { FocusTrap } from "@mantine/core";
import { DatePicker } from "@mantine/dates";
import "@mantine/dates/styles.css";
import "dayjs/locale/zh-cn";
import { useTranslation } from "react-i18next";
import styles from "./day-calendar.module.css";
import { TypedDate } from "./typed-date.tsx";
import { useFormat } from "./use-format.ts";

type DayCalendarProps = {
  /** The chosen day as an ISO date. */
  readonly day: string | undefined;
  /** The last day that can be chosen. */
  readonly last: string;
  readonly onChoose: (day: string) => void;
};

/** A month of days; arrows move between them, Enter chooses. A date may be typed as well. */
export function DayCalendar({ day, last, onChoose }: DayCalendarProps) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const at = (date: string) => Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  const first = day ?? last;
  return (
    <FocusTrap active>
      <div>
        <TypedDate last={last} onChoose={onChoose} />
        <DatePicker
          className={styles.calendar ?? ""}
          size="sm"
          locale={i18n.language.toLowerCase()}
          value={day ?? null}
          defaultDate={first}
          maxDate={last}
          onChange={(date) => date && onChoose(date)}
          allowDeselect={false}
          highlightToday={false}
          getDayProps={(date) => (date === first ? { "data-autofocus": true } : {})}
          getDayAriaLabel={(date) => format.fullDate("UTC", at(date))}
          monthLabelFormat={(date) => format.month("UTC", at(date))}
          ariaLabels={{
            nextMonth: t("kit:calendar.nextMonth"),
            previousMonth: t("kit:calendar.previousMonth"),
            nextYear: t("kit:calendar.nextYear"),
            previousYear: t("kit:calendar.previousYear"),
            nextDecade: t("kit:calendar.nextDecade"),
            previousDecade: t("kit:calendar.previousDecade"),
          }}
        />
      </div>
    </FocusTrap>
  );
}
