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

/** How old a value is, as a short age; stale, asleep and offline say so in words. */
export function Freshness({ state, at, now, zone }: FreshnessProps) {
  const format = useFormat();
  const text = useFreshnessText();
  const title = at === null ? undefined : format.dateTime(zone, at);
  return (
    <span className={styles.age} data-state={state} title={title}>
      {state === "late" && <ClockGlyph />}
      {text({ state, at, now, zone, short: true })}
    </span>
  );
}

type Told = {
  readonly state: State;
  readonly at: number | null;
  readonly now: number;
  /** Of the plant. */
  readonly zone: string;
  /** The age alone while the value is current. */
  readonly short?: boolean;
};

/** The state of a value in words: `stale: last value 6 min ago`, `offline since 13:24:06`, `asleep 4 h`, or the day of an import. */
export function useFreshnessText(): (told: Told) => string {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const since = ({ at, now, zone }: Told & { readonly at: number }) => {
    const today = format.date(zone, at) === format.date(zone, now);
    return today ? format.clock(zone, at) : format.dateTime(zone, at);
  };
  // Its age counts by the day at the least, and tells nobody anything.
  const imported = ({ at, zone, short }: Told & { readonly at: number }) =>
    short
      ? format.date(zone, at)
      : t("kit:freshness.imported", { time: format.dateTime(zone, at) });
  return (told) => {
    const { state, at, now, short } = told;
    if (state === "asleep" && at === null) return t("kit:freshness.asleep.unseen");
    if (state === "never" || at === null) return t("kit:freshness.never");
    if (state === "imported") return imported({ ...told, at });
    const age = duration(now - at);
    if (short) return isCurrent(state) ? age : t(`kit:freshness.${state}.short`, { age });
    return t(`kit:freshness.${state}`, { age, time: since({ ...told, at }) });
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
