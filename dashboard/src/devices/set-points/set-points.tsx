import type { DeviceDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import styles from "../../admin/admin.module.css";
import { useChanges } from "../../admin/use-changes.ts";
import { ApiProblem } from "../../app/http.ts";
import { NotFound } from "../../app/not-found.tsx";
import { useParts } from "../../app/parts.ts";
import { useScope, zoneOf } from "../../app/shell/scope.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorTile } from "../../kit/error-tile.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Skeleton } from "../../kit/skeleton.tsx";
import { deviceQuery } from "../queries.ts";
import { OrderHistory } from "./order-history.tsx";
import { setPointsQuery } from "./queries.ts";
import { SetPointForm } from "./set-point-form.tsx";

/** What may be written to a device, writing it in two steps, and what was written before. */
export function SetPointsScreen() {
  const { t } = useTranslation();
  const { device } = useParams({ from: "/shell/devices/$device/set-points" });
  const { http } = useParts();
  const { data, error, refetch } = useQuery(deviceQuery(http, device));
  if (data) return <SetPointsPage key={data.id} device={data} />;
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 400)) {
    return <NotFound what="device" />;
  }
  if (error) return <ErrorTile error={error} retry={() => void refetch()} />;
  return <Skeleton label={t("kit:loading")} lines={8} />;
}

function SetPointsPage({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation();
  const { http } = useParts();
  useChanges();
  const { zone } = zoneOf(useScope());
  const { data, error, refetch } = useQuery(setPointsQuery(http, device.id));
  const title = t("setpoint:title", { tag: device.tag });
  useEffect(() => {
    document.title = `${title} · Sunledger`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.heading}>
        <h1>{title}</h1>
        <Link to="/devices/$device" params={{ device: device.id }} className={styles.add}>
          {t("setpoint:back")}
        </Link>
      </header>
      <Panel title={t("setpoint:write")}>
        {data ? (
          data.setPoints.length > 0 ? (
            <SetPointForm device={device} setPoints={data.setPoints} zone={zone} />
          ) : (
            <EmptyState
              title={t("setpoint:none")}
              why={t(data.profileKnown ? "setpoint:noneWhy" : "setpoint:unknownProfile")}
            />
          )
        ) : error ? (
          <ErrorTile error={error} retry={() => void refetch()} />
        ) : (
          <Skeleton label={t("kit:loading")} lines={4} />
        )}
      </Panel>
      <OrderHistory device={device} zone={zone} />
    </div>
  );
}
