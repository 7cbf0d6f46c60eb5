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
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useChanges } from "../../orders/use-changes.ts";
import { deviceQuery } from "../queries.ts";
import { OrderHistory } from "./order-history.tsx";
import { setPointsQuery } from "./queries.ts";
import { SetPointForm } from "./set-point-form.tsx";

/** What may be written to a device, writing it in two steps, and what was written before. */
export function SetPointsScreen() {
  const { device: id } = useParams({ from: "/shell/devices/$device/set-points" });
  const { http } = useParts();
  const query = useQuery(deviceQuery(http, id));
  return (
    <NamedPlace what="device" query={query}>
      {(device) => <SetPointsPage key={device.id} device={device} />}
    </NamedPlace>
  );
}

function SetPointsPage({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation();
  const { http } = useParts();
  useChanges();
  const { zone } = zoneOf(useScope());
  const query = useQuery(setPointsQuery(http, device.id));
  const title = t("setpoint:title", { tag: device.tag });
  useEffect(() => {
    document.title = `${title} · Sunledger`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.heading}>
        <h1>{title}</h1>
        <Link to="/devices/$device" params={{ device: device.id }} className={styles.way}>
          {t("setpoint:back")}
        </Link>
      </header>
      <Panel title={t("setpoint:write")}>
        <Loaded query={query} lines={4}>
          {(data) =>
            data.setPoints.length > 0 ? (
              <SetPointForm device={device} setPoints={data.setPoints} zone={zone} />
            ) : (
              <EmptyState
                title={t("setpoint:none")}
                why={t(data.profileKnown ? "setpoint:noneWhy" : "setpoint:unknownProfile")}
              />
            )
          }
        </Loaded>
      </Panel>
      <OrderHistory device={device} zone={zone} />
    </div>
  );
}
