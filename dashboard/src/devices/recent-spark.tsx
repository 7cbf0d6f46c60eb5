import type { DeviceDetail, DevicePoint } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../app/parts.ts";
import { Spark } from "../kit/spark.tsx";
import { useLive } from "../live/use-live.ts";
import { confirmations } from "./confirmations.ts";
import styles from "./device.module.css";
import { heldMs, recentQuery, recentValues } from "./recent-values.ts";

type RecentSparkProps = {
  readonly device: DeviceDetail;
  readonly point: DevicePoint;
  readonly label: string;
  /** When the point was last known to have its newest value. */
  readonly confirmedAt: number | null;
  readonly now: number;
};

/** A register's last ten minutes. */
export function RecentSpark({ device, point, label, confirmedAt, now }: RecentSparkProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const live = useLive();
  const { name, everyMs } = point;
  const room = `device:${device.id}`;
  const { data } = useQuery({
    ...recentQuery({ http, time: live.serverNow, device }, name),
    // Until then the server's time is not known, and with it which minutes are the last.
    enabled: live.room(room) !== undefined,
  });
  const ring = live.ring(room, device.id, name);
  const [seen] = useState(() => confirmations(heldMs(everyMs)));
  if (confirmedAt !== null) seen.note(confirmedAt);
  const confirmed = seen.stretches();
  const values = recentValues({ point: name, everyMs, history: data, ring, confirmed }, now);
  const isCurve = values.filter((value) => value !== null).length > 1;
  return (
    <span className={styles.spark}>
      {isCurve && <Spark values={values} fit label={t("device:spark", { label })} />}
    </span>
  );
}
