import type { DeviceDetail, DevicePoint } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParts } from "../app/parts.ts";
import { Spark } from "../kit/spark.tsx";
import { useLive } from "../live/use-live.ts";
import styles from "./device.module.css";
import { recentQuery, recentValues } from "./recent-values.ts";

type RecentSparkProps = {
  readonly device: DeviceDetail;
  readonly point: DevicePoint;
  readonly label: string;
  readonly confirmedAt: number | null;
  readonly now: number;
};

/** A register's last ten minutes. */
export function RecentSpark({ device, point, label, confirmedAt, now }: RecentSparkProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const live = useLive();
  const { data } = useQuery(recentQuery({ http, time: live.serverNow, device }, point.name));
  const { name, everyMs } = point;
  const ring = live.ring(`device:${device.id}`, device.id, name);
  const values = recentValues({ point: name, everyMs, history: data, ring, confirmedAt }, now);
  if (values.filter((value) => value !== null).length < 2) return null;
  return (
    <span className={styles.spark}>
      <Spark values={values} fit label={t("device:spark", { label })} />
    </span>
  );
}
