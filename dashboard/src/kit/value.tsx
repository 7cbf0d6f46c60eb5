import type { Flag, Freshness } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { inDoubt, missing, thinSpace, type Written } from "./format.ts";
import styles from "./value.module.css";

type ValueProps = {
  /** Absent: there is nothing to show, for the reason in `title`. */
  readonly written: Written | undefined;
  readonly state: Freshness;
  readonly flag?: Flag | undefined;
  /** The head of the column says the unit already. */
  readonly withoutUnit?: boolean;
  readonly title?: string | undefined;
};

/** A live value as its freshness and quality have it: never an old number like a new one. */
export function Value({ written, state, flag, withoutUnit, title }: ValueProps) {
  const { t } = useTranslation();
  if (!written) {
    const why = title ?? (flag ? t(`kit:flag.${flag}`) : t("kit:freshness.never"));
    return (
      <span className={styles.value} data-state={state} title={why}>
        {flag === "invalid" ? t("kit:flag.invalid") : missing}
      </span>
    );
  }
  const why = flag ? t(`kit:flag.${flag}`) : title;
  return (
    <span className={styles.value} data-state={state} data-flag={flag} title={why}>
      {flag === "suspect" ? inDoubt(written.number) : written.number}
      {flag === "substituted" && <sup className={styles.mark}>S</sup>}
      {!withoutUnit && written.unit !== "" && (
        <span className={styles.unit}>
          {thinSpace}
          {written.unit}
        </span>
      )}
    </span>
  );
}
