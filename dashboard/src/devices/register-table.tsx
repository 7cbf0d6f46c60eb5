import type { DeviceDetail } from "@sunledger/model";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type DataColumn, DataTable, type Sort } from "../kit/data-table.tsx";
import { EmptyState } from "../kit/empty-state.tsx";
import { Freshness } from "../kit/freshness.tsx";
import { Panel } from "../kit/panel.tsx";
import { Spark } from "../kit/spark.tsx";
import { useDuration } from "../kit/use-format.ts";
import { Value } from "../kit/value.tsx";
import { useLive } from "../live/use-live.ts";
import styles from "./device.module.css";
import { mostPoints } from "./device-search.ts";
import { found, type RegisterRow } from "./register-row.ts";
import { sparkValues } from "./spark-values.ts";
import { useChosenPoints } from "./use-chosen-points.ts";
import { useWriteValue } from "./write-value.ts";

type RegisterTableProps = {
  readonly device: DeviceDetail;
  readonly rows: readonly RegisterRow[];
  readonly zone: string;
  readonly now: number;
  readonly className?: string | undefined;
};

const tenMinutes = 600_000;

/** Every register of the device as it is read, second by second. */
export function RegisterTable({ device, rows, zone, now, className }: RegisterTableProps) {
  const { t } = useTranslation();
  const { find = "", engineer = false } = useSearch({ from: "/shell/devices/$device" });
  const navigate = useNavigate({ from: "/devices/$device" });
  const [sort, setSort] = useState<Sort>();
  const columns = useColumns(device, zone, now, engineer);
  const shown = found(rows, find);

  return (
    <Panel
      title={t("device:registers")}
      className={className}
      extra={
        <span className={styles.tools}>
          <input
            type="search"
            aria-label={t("device:find")}
            placeholder={t("device:find")}
            value={find}
            onChange={({ currentTarget: { value } }) =>
              void navigate({
                search: ({ find: _find, ...rest }) =>
                  value === "" ? rest : { ...rest, find: value },
                replace: true,
              })
            }
          />
          <label className={styles.check}>
            <input
              type="checkbox"
              checked={engineer}
              onChange={({ currentTarget: { checked } }) =>
                void navigate({
                  search: ({ engineer: _engineer, ...rest }) =>
                    checked ? { ...rest, engineer: true } : rest,
                  replace: true,
                })
              }
            />
            {t("device:engineer")}
          </label>
        </span>
      }
    >
      {shown.length === 0 ? (
        <EmptyState
          title={t("device:registers.none")}
          why={t(rows.length === 0 ? "device:registers.unannounced" : "device:registers.notFound")}
        />
      ) : (
        <DataTable
          caption={t("device:registers")}
          columns={columns}
          rows={shown}
          rowKey={({ point }) => point.name}
          sort={sort}
          onSort={setSort}
          groupOf={({ group }) => t(`device:group.${group}`)}
          rowState={({ standing }) => standing.state}
        />
      )}
    </Panel>
  );
}

function useColumns(
  device: DeviceDetail,
  zone: string,
  now: number,
  engineer: boolean,
): DataColumn<RegisterRow>[] {
  const { t } = useTranslation();
  const live = useLive();
  const write = useWriteValue();
  const duration = useDuration();
  const { chosen, toggle } = useChosenPoints(device);
  return [
    {
      id: "plot",
      head: t("device:column.plot"),
      width: "44px",
      cell: ({ point, label }) =>
        point.kind === "text" ? null : (
          <input
            type="checkbox"
            className={styles.plot}
            aria-label={t("device:plot", { label })}
            checked={chosen.includes(point.name)}
            disabled={!chosen.includes(point.name) && chosen.length >= mostPoints}
            onChange={() => toggle(point.name)}
          />
        ),
    },
    {
      id: "name",
      head: t("device:column.name"),
      sortBy: ({ label }) => label,
      cell: ({ point, label }) => (
        <span className={styles.label}>
          {label}
          {label !== point.name && <span className={styles.raw}>{point.name}</span>}
        </span>
      ),
    },
    {
      id: "value",
      head: t("device:column.value"),
      align: "end",
      sortBy: ({ standing }) => (typeof standing.value === "number" ? standing.value : null),
      largestFirst: true,
      cell: ({ point, standing }) => (
        <Value
          written={write(standing.value, point.unit, point.states)}
          state={standing.state}
          flag={standing.flag}
        />
      ),
    },
    {
      id: "spark",
      head: t("device:column.spark"),
      align: "end",
      width: "130px",
      cell: ({ point, label }) => {
        const ring = live.ring(`device:${device.id}`, device.id, point.name);
        if (!ring || ring.size < 2) return null;
        return (
          <span className={styles.spark}>
            <Spark
              values={sparkValues(ring, now - tenMinutes, now, point.everyMs)}
              fit
              label={t("device:spark", { label })}
            />
          </span>
        );
      },
    },
    {
      id: "quality",
      head: t("device:column.quality"),
      cell: ({ standing }) =>
        t(standing.flag ? `kit:flag.${standing.flag}` : `kit:state.${standing.state}`),
    },
    {
      id: "age",
      head: t("device:column.age"),
      align: "end",
      width: "110px",
      sortBy: ({ standing }) => standing.at,
      cell: ({ standing }) => (
        <Freshness state={standing.state} at={standing.at} now={now} zone={zone} />
      ),
    },
    {
      id: "every",
      head: t("device:column.every"),
      align: "end",
      hidden: !engineer,
      cell: ({ point }) => duration(point.everyMs),
    },
    {
      id: "kind",
      head: t("device:column.kind"),
      hidden: !engineer,
      cell: ({ point }) => t(`device:kind.${point.kind}`),
    },
    {
      id: "raw",
      head: t("device:column.raw"),
      align: "end",
      hidden: !engineer,
      cell: ({ standing }) => String(standing.value ?? ""),
    },
    {
      id: "source",
      head: t("device:column.source"),
      hidden: !engineer,
      cell: ({ point }) => point.source ?? "",
    },
  ];
}
