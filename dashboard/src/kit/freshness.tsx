import type { Freshness as State } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { isCurrent } from "../live/freshness.ts";
import styles from "./freshness.module.css";
import { useDuration, useFormat } from "./use-format.ts";

type FreshnessProps = {
  readonly state: State;
  readonly at: number | null;
  readonly now: number;
  readonly zone: string;
};

/** How old a value is, as a short age; stale and offline say so in words. */
export function Freshness({ state, at, now, zone }: FreshnessProps) {
  const format = useFormat();
  const text = useFreshnessText();
  const title = at === null ? undefined : format.dateTime(zone, at);
  return (
    <span className={styles.age} data-state={state} title={title}>
      {state === "late" && <ClockGlyph />}
      {text({ state, at, now, short: true })}
    </span>
  );
}

type Told = {
  readonly state: State;
  readonly at: number | null;
  readonly now: number;
  /** The age alone while the value is current. */
  readonly short?: boolean;
};

/** The state of a value in words: `stale: last value 6 min ago`. */
export function useFreshnessText(): (told: Told) => string {
  const { t } = useTranslation();
  const duration = useDuration();
  return ({ state, at, now, short }) => {
    if (state === "never" || at === null) return t("kit:freshness.never");
    const age = duration(now - at);
    if (isCurrent(state)) return short ? age : t(`kit:freshness.${state}`, { age });
    return t(short ? `kit:freshness.${state}.short` : `kit:freshness.${state}`, { age });
  };
}

function ClockGlyph() {
  return (
    <svg className={styles.glyph} viewBox="0 0 12 12" aria-hidden="true">
      <circle cx="6" cy="6" r="4.6" />
      <path d="M6 3.4V6l1.8 1.2" />
    </svg>
  );
}
