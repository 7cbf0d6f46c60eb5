import { useTranslation } from "react-i18next";
import { offsetLabel } from "../../kit/plant-time.ts";
import { useDuration, useFormat } from "../../kit/use-format.ts";
import { type ConnectionWord, connectionWord } from "../../live/connection-word.ts";
import { useLive, useLiveVersion } from "../../live/use-live.ts";
import styles from "./header.module.css";
import { type Scope, zoneOf } from "./scope.ts";

/** Whether the page hears its server, and how old the newest data are. */
export function ConnectionState({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const live = useLive();
  useLiveVersion();
  const connection = live.connection();
  const newest = live.newest();
  const word = connectionWord(connection, newest);
  const { zone } = zoneOf(scope);
  const age = duration(live.serverNow() - (newest.at ?? 0));
  // Of the newest value that the page holds, not of the last sign of the server.
  const time = newest.at === null ? "" : format.clock(zone, newest.at);
  return (
    <span className={styles.connection} data-state={word} data-testid="connection">
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {shapes[word] ?? <path d="M1 1L9 9M9 1L1 9" />}
      </svg>
      <span role="status" aria-live="off">
        {t(`app:connection.${word}`, { age, time, context: newest.at === null ? "empty" : "" })}
      </span>
    </span>
  );
}

const whole = <circle cx="5" cy="5" r="4" />;

/** Everything else is a cross. */
const shapes: Partial<Record<ConnectionWord, React.ReactNode>> = {
  live: whole,
  connected: whole,
  asleep: whole,
  late: (
    <>
      <circle cx="5" cy="5" r="4" />
      <path d="M5 2.8V5l1.5 1" />
    </>
  ),
};

/** The wall clock of the plant, with how far it is from UTC. */
export function PlantClock({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const format = useFormat();
  const live = useLive();
  useLiveVersion();
  const { zone, own } = zoneOf(scope);
  const now = live.serverNow();
  return (
    <span className={styles.clock} title={`${format.dateTime(zone, now)} ${zone}`}>
      <time>{format.clock(zone, now)}</time>
      <small>
        {offsetLabel(zone, now)}
        <span> · {t(own ? "app:time.own" : "app:time.plant")}</span>
      </small>
    </span>
  );
}
