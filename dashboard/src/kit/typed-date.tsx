import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { periodOf } from "./period.ts";
import styles from "./typed-date.module.css";

type TypedDateProps = {
  /** The last day that can be chosen, as an ISO date. */
  readonly last: string;
  readonly onChoose: (day: string) => void;
};

/** A day typed as an ISO date, chosen by Enter; what is none, or is still to come, is said to be so. */
export function TypedDate({ last, onChoose }: TypedDateProps) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const [fault, setFault] = useState<"notADate" | "future">();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const day = text.trim();
    const period = periodOf(day);
    if (!period || period === "today" || period === "7d") return setFault("notADate");
    if (day > last) return setFault("future");
    onChoose(day);
  };
  return (
    <form className={styles.typed} onSubmit={submit} noValidate>
      <label htmlFor={id}>{t("kit:calendar.typed")}</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        placeholder={last}
        value={text}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-fault`}
        onChange={({ currentTarget: { value } }) => {
          setText(value);
          setFault(undefined);
        }}
      />
      <p id={`${id}-fault`} role="status">
        {fault && t(`kit:calendar.${fault}`)}
      </p>
    </form>
  );
}
