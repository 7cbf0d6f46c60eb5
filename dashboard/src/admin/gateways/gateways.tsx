import type { GatewayDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { useScope, zoneOf } from "../../app/shell/scope.ts";
import { Button } from "../../kit/button.tsx";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import styles from "../../kit/form.module.css";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { useMoment } from "../../live/use-moment.ts";
import { useChanges } from "../../orders/use-changes.ts";
import { AdminTabs } from "../admin-tabs.tsx";
import { gatewaysQuery } from "../queries.ts";
import { certificateWord } from "./certificate-word.ts";
import { clockWord } from "./clock-word.ts";
import { ConfigurationHistory } from "./configuration-history.tsx";
import { configurationWord } from "./configuration-word.ts";

/** The gateways, how they stand, and what they were told to poll. */
export function AdminGateways() {
  const { t } = useTranslation();
  const { http } = useParts();
  useChanges();
  const { gateway: chosen } = useSearch({ from: "/shell/admin/gateways" });
  const query = useQuery(gatewaysQuery(http));
  const { zone } = zoneOf(useScope());
  useEffect(() => {
    document.title = `${t("admin:gateways")} · Sunledger`;
  }, [t]);
  const shown = query.data?.find(({ id }) => id === chosen);

  return (
    <div className={styles.page}>
      <AdminTabs />
      <h1>{t("admin:gateways")}</h1>
      <Panel title={t("admin:gateways.all")}>
        <Loaded query={query} lines={4}>
          {(data) => <Rows rows={data} zone={zone} />}
        </Loaded>
      </Panel>
      {shown && <ConfigurationHistory key={shown.id} gateway={shown} zone={zone} />}
    </div>
  );
}

type RowsProps = { readonly rows: readonly GatewayDetail[]; readonly zone: string };

function Rows({ rows, zone }: RowsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const { now } = useMoment();
  if (rows.length === 0) {
    return <EmptyState title={t("admin:gateways.none")} why={t("admin:gateways.noneWhy")} />;
  }
  const open = (id: string) => void navigate({ to: "/admin/gateways", search: { gateway: id } });
  const columns: DataColumn<GatewayDetail>[] = [
    {
      id: "gateway",
      head: t("admin:gateway"),
      cell: ({ id }) => <Button onClick={() => open(id)}>{id}</Button>,
    },
    {
      id: "state",
      head: t("admin:device.state"),
      cell: ({ state, imports }) => t(`admin:gateway.${imports ? "imports" : state}`),
    },
    { id: "version", head: t("admin:gateway.version"), cell: ({ version }) => version ?? "—" },
    {
      id: "heard",
      head: t("admin:gateway.heard"),
      cell: ({ heardAt }) => (heardAt === null ? "—" : format.dateTime(zone, heardAt)),
    },
    {
      id: "waiting",
      head: t("admin:gateway.waiting"),
      align: "end",
      cell: ({ waiting }) => (waiting === null ? "—" : format.count(waiting)),
    },
    {
      id: "certificate",
      head: t("admin:gateway.certificate"),
      cell: ({ certificateUntil, state }) => {
        if (state !== "online") return "—";
        const word = certificateWord(certificateUntil, now);
        const until = certificateUntil && format.dateTime(zone, certificateUntil);
        return (
          <span title={until || undefined} className={word.isUrgent ? styles.urgent : undefined}>
            {t(`admin:certificate.${word.key}`, { count: word.days })}
          </span>
        );
      },
    },
    {
      id: "clock",
      head: t("admin:gateway.clock"),
      cell: ({ clock, state }) => {
        const { key, seconds } = clockWord(state === "online" ? clock : undefined);
        return t(`admin:clock.${key}`, { seconds: format.count(seconds) });
      },
    },
    {
      id: "devices",
      head: t("admin:gateway.devices"),
      cell: ({ devices, imports }) =>
        imports || devices.total === 0
          ? "—"
          : t(devices.unheard > 0 ? "admin:gateway.unheard" : "admin:gateway.reached", devices),
    },
    {
      id: "configuration",
      head: t("admin:gateway.configuration"),
      cell: (gateway) => {
        const { key, values } = configurationWord(gateway);
        return t(`admin:word.${key}`, values);
      },
    },
  ];
  return (
    <DataTable
      caption={t("admin:gateways.all")}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={({ id }) => open(id)}
    />
  );
}
