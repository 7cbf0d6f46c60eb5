import type { DeviceSummary } from "@sunledger/model";
import { useQueries, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { useLocalText } from "../../app/shell/scope.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorTile } from "../../kit/error-tile.tsx";
import styles from "../../kit/form.module.css";
import { Panel } from "../../kit/panel.tsx";
import { Skeleton } from "../../kit/skeleton.tsx";
import { StateLabel } from "../../kit/state-label.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { Value } from "../../kit/value.tsx";
import { plantQuery, plantsQuery } from "../../plants/queries.ts";
import { useWriteValue } from "../../points/write-value.ts";
import { AdminTabs } from "../admin-tabs.tsx";

type Row = { readonly device: DeviceSummary; readonly plant: string; readonly zone: string };

/** All devices of the organisation, and the way to one more. */
export function AdminDevices() {
  const { t } = useTranslation();
  const { http } = useParts();
  const text = useLocalText();
  const { data: plants, error, refetch } = useQuery(plantsQuery(http));
  const details = useQueries({ queries: (plants ?? []).map(({ id }) => plantQuery(http, id)) });
  useEffect(() => {
    document.title = `${t("admin:devices")} · Sunledger`;
  }, [t]);
  const rows = details.flatMap(({ data }) =>
    (data?.devices ?? []).map((device): Row => {
      const { name = { en: "" }, timeZone = "UTC" } = data ?? {};
      return { device, plant: text(name), zone: timeZone };
    }),
  );
  const isLoading = !plants || details.some(({ data, error }) => !data && !error);
  const failed = error ?? details.find(({ error }) => error)?.error;

  return (
    <div className={styles.page}>
      <AdminTabs />
      <header className={styles.heading}>
        <h1>{t("admin:devices")}</h1>
        <Link to="/admin/devices/new" className={styles.add}>
          {t("admin:onboard")}
        </Link>
        <Link to="/admin/devices/import" className={styles.way}>
          {t("admin:import")}
        </Link>
      </header>
      <Panel title={t("admin:devices.all")}>
        {failed && <ErrorTile error={failed} retry={() => void refetch()} />}
        {isLoading && !failed ? (
          <Skeleton label={t("kit:loading")} lines={8} />
        ) : rows.length === 0 ? (
          <EmptyState
            title={t("admin:devices.none")}
            why={t("admin:devices.noneWhy")}
            action={<Link to="/admin/devices/new">{t("admin:onboard")}</Link>}
          />
        ) : (
          <Rows rows={rows} />
        )}
      </Panel>
    </div>
  );
}

function Rows({ rows }: { readonly rows: readonly Row[] }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const write = useWriteValue();
  const format = useFormat();
  const navigate = useNavigate();
  const columns: DataColumn<Row>[] = [
    {
      id: "device",
      head: t("admin:device"),
      cell: ({ device }) => (
        <Link to="/devices/$device" params={{ device: device.id }}>
          {device.tag}
        </Link>
      ),
    },
    { id: "name", head: t("admin:device.name"), cell: ({ device }) => text(device.name) },
    { id: "plant", head: t("admin:device.plant"), cell: ({ plant }) => plant },
    { id: "gateway", head: t("admin:device.gateway"), cell: ({ device }) => device.gateway ?? "—" },
    { id: "profile", head: t("admin:device.profile"), cell: ({ device }) => device.profile ?? "—" },
    {
      id: "state",
      head: t("admin:device.state"),
      cell: ({ device }) => <StateLabel state={device.state} />,
    },
    {
      id: "value",
      head: t("admin:device.value"),
      align: "end",
      cell: ({ device: { headline, state } }) => (
        <Value
          written={headline ? write(headline.value, headline.unit) : undefined}
          state={state}
        />
      ),
    },
    {
      id: "newest",
      head: t("admin:device.newest"),
      cell: ({ device, zone }) =>
        device.newestAt === null ? "—" : format.dateTime(zone, device.newestAt),
    },
  ];
  return (
    <DataTable
      caption={t("admin:devices.all")}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ device }) => device.id}
      onOpen={({ device }) =>
        void navigate({ to: "/devices/$device", params: { device: device.id } })
      }
    />
  );
}
