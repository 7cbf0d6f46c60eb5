import type { DeviceSummary } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { useLocalText } from "../../app/shell/scope.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import styles from "../../kit/form.module.css";
import { Skeleton } from "../../kit/skeleton.tsx";
import { StateLabel } from "../../kit/state-label.tsx";
import { Value } from "../../kit/value.tsx";
import type { LivePoint } from "../../live/room.ts";
import { deviceStates, type Standing, standingOfPoint } from "../../live/standing.ts";
import { useLive, useRooms } from "../../live/use-live.ts";
import { useMoment } from "../../live/use-moment.ts";
import { plantQuery } from "../../plants/queries.ts";
import { usePointLabel } from "../../points/point-label.ts";
import { useWriteValue } from "../../points/write-value.ts";

type LiveStepProps = { readonly plant: string; readonly tag: string };

/** What the new device says now. */
export function LiveStep({ plant, tag }: LiveStepProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data } = useQuery({ ...plantQuery(http, plant), staleTime: 0 });
  const device = data?.devices.find((one) => one.tag === tag);
  if (!device) return <Skeleton label={t("admin:live.waiting")} lines={4} />;
  return <LiveValues key={device.id} device={device} />;
}

type Row = { readonly point: LivePoint; readonly standing: Standing };

function LiveValues({ device }: { readonly device: DeviceSummary }) {
  const { t } = useTranslation();
  const live = useLive();
  const text = useLocalText();
  const label = usePointLabel();
  const write = useWriteValue();
  const name = `device:${device.id}`;
  useRooms([name]);
  const moment = useMoment();
  const room = live.room(name);
  const rows = room
    ? [...room.points.values()]
        .filter(({ at }) => at !== null)
        .map((point): Row => ({ point, standing: standingOfPoint(room, point, moment) }))
    : [];
  const state = (room && deviceStates(room, moment).get(device.id)) ?? device.state;
  const columns: DataColumn<Row>[] = [
    { id: "name", head: t("admin:reading.point"), cell: ({ point }) => label(point.point) },
    {
      id: "value",
      head: t("admin:reading.value"),
      align: "end",
      cell: ({ standing: { value, unit, state, flag } }) => (
        <Value written={write(value, unit)} state={state} flag={flag} />
      ),
    },
  ];
  return (
    <div className={styles.page}>
      <p className={styles.heading}>
        <strong>{device.tag}</strong> {text(device.name)} <StateLabel state={state} />
        <Link to="/devices/$device" params={{ device: device.id }}>
          {t("admin:live.open")}
        </Link>
        <Link to="/admin/devices">{t("admin:live.list")}</Link>
      </p>
      {rows.length === 0 ? (
        <Skeleton label={t("admin:live.waiting")} lines={6} />
      ) : (
        <div className={styles.narrow}>
          <DataTable
            caption={t("admin:live.values", { tag: device.tag })}
            cards
            columns={columns}
            rows={rows}
            rowKey={({ point }) => point.point}
          />
        </div>
      )}
    </div>
  );
}
