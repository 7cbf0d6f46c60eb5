import type { DeviceDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { NamedPlace } from "../../app/named-place.tsx";
import { useParts } from "../../app/parts.ts";
import { useScope, zoneOf } from "../../app/shell/scope.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import styles from "../../kit/form.module.css";
import { useChanges } from "../../orders/use-changes.ts";
import { deviceQuery } from "../queries.ts";
import { TracePanel } from "./trace-panel.tsx";

/** The bytes between a device and its gateway, while somebody looks. */
export function TraceScreen() {
  const { device: id } = useParams({ from: "/shell/devices/$device/trace" });
  const { http } = useParts();
  const query = useQuery(deviceQuery(http, id));
  return (
    <NamedPlace what="device" query={query}>
      {(device) => <TracePage key={device.id} device={device} />}
    </NamedPlace>
  );
}

function TracePage({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation();
  useChanges();
  const { zone } = zoneOf(useScope());
  const { tag, gateway } = device;
  const title = t("trace:title", { tag });
  useEffect(() => {
    document.title = `${title} · Sunledger`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.heading}>
        <h1>{title}</h1>
        <Link to="/devices/$device" params={{ device: device.id }} className={styles.way}>
          {t("trace:back")}
        </Link>
      </header>
      {gateway === undefined ? (
        <EmptyState title={t("trace:unpolled")} why={t("trace:unpolledWhy")} />
      ) : (
        <TracePanel tag={tag} gateway={gateway} zone={zone} />
      )}
    </div>
  );
}
