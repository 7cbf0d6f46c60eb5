import { useTranslation } from "react-i18next";
import { offsetLabel } from "../../kit/plant-time.ts";
import { useDuration, useFormat } from "../../kit/use-format.ts";
import { useLive, useLiveVersion } from "../../live/use-live.ts";
import styles from "./header.module.css";
import { type Scope, zoneOf } from "./scope.ts";

/** Data older than this are not called live, however well the page is connected. */
const oldMs = 30_000;

/** Whether the page hears its server, and how old the newest data are. */
export function ConnectionState({ scope }: { readonly scope: Scope }) {
  const { t } = useTranslation();
  const format = useFormat();
  const duration = useDuration();
  const live = useLive();
  useLiveVersion();
  const { state, valuesAt } = live.connection();
  const { zone } = zoneOf(scope);
  const newest = live.newestAt();
  const age = newest === null ? null : live.serverNow() - newest;
  const old = age !== null && age > oldMs;

  const said = () => {
    if (state === "connecting") return t("app:connection.connecting");
    if (state !== "live") {
      const time = valuesAt === null ? "" : format.clock(zone, valuesAt);
      return t(`app:connection.${state}`, { time });
    }
    if (age === null) return t("app:connection.live");
    return t(old ? "app:connection.old" : "app:connection.liveAge", { age: duration(age) });
  };
  return (
    <span className={styles.connection} data-state={old ? "old" : state} data-testid="connection">
      <svg viewBox="0 0 10 10" aria-hidden="true">
        {state === "live" && !old ? <circle cx="5" cy="5" r="4" /> : <path d="M1 1L9 9M9 1L1 9" />}
      </svg>
      <span role="status" aria-live="off">
        {said()}
      </span>
    </span>
  );
}

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
        {offsetLabel(zone, now)} · {t(own ? "app:time.own" : "app:time.plant")}
      </small>
    </span>
  );
}
