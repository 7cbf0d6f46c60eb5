import type { DeviceDetail } from "@sunledger/model";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type DataColumn, DataTable } from "../kit/data-table.tsx";
import { EmptyState } from "../kit/empty-state.tsx";
import { missing } from "../kit/format.ts";
import { Freshness } from "../kit/freshness.tsx";
import { Panel } from "../kit/panel.tsx";
import { sortAsked, sortedSearch } from "../kit/sort-search.ts";
import { useDuration } from "../kit/use-format.ts";
import { PointName } from "../points/point-name.tsx";
import { useWriteBase } from "../points/write-value.ts";
import styles from "./device.module.css";
import { mostPoints } from "./device-search.ts";
import { PinButton } from "./pin-button.tsx";
import { usePinnedPoints } from "./pinned-points.ts";
import { qualityOf } from "./quality.ts";
import { QualityText } from "./quality-text.tsx";
import { rawCount } from "./raw-count.ts";
import { RecentSpark } from "./recent-spark.tsx";
import { found, type RegisterRow } from "./register-row.ts";
import { RegisterValue } from "./register-value.tsx";
import { useChosenPoints } from "./use-chosen-points.ts";

type RegisterTableProps = {
  readonly device: DeviceDetail;
  readonly rows: readonly RegisterRow[];
  readonly zone: string;
  readonly now: number;
  readonly className?: string | undefined;
};

/** Every register of the device as it is read, second by second. */
export function RegisterTable({ device, rows, zone, now, className }: RegisterTableProps) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/devices/$device" });
  const { find = "", engineer = false } = search;
  const navigate = useNavigate({ from: "/devices/$device" });
  const { pins, togglePin } = usePinnedPoints(device.kind);
  const columns = useColumns({ device, zone, now, engineer, pins, togglePin });
  const isPinned = ({ point }: RegisterRow) => pins.has(point.name);
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
          flows
          columns={columns}
          rows={shown}
          rowKey={({ point }) => point.name}
          sort={sortAsked(search, columns)}
          onSort={(next) =>
            void navigate({ search: (before) => sortedSearch(before, next), replace: true })
          }
          groupOf={(row) => t(`device:group.${isPinned(row) ? "pinned" : row.group}`)}
          isPinned={isPinned}
          rowState={({ standing }) => standing.state}
        />
      )}
    </Panel>
  );
}

type ColumnParts = {
  readonly device: DeviceDetail;
  readonly zone: string;
  readonly now: number;
  readonly engineer: boolean;
  readonly pins: ReadonlySet<string>;
  readonly togglePin: (point: string) => void;
};

function useColumns(parts: ColumnParts): DataColumn<RegisterRow>[] {
  const { device, zone, now, engineer, pins, togglePin } = parts;
  const { t } = useTranslation();
  const duration = useDuration();
  const writeBase = useWriteBase();
  const { chosen, toggle } = useChosenPoints(device);
  const read = ({ point }: RegisterRow) =>
    `${t(`device:kind.${point.kind}`)}, ${duration(point.everyMs)}`;
  return [
    {
      id: "pin",
      head: t("device:column.pin"),
      cell: ({ point, label }) => (
        <PinButton
          label={t("device:pin", { label })}
          pinned={pins.has(point.name)}
          onToggle={() => togglePin(point.name)}
        />
      ),
    },
    {
      id: "plot",
      head: t("device:column.plot"),
      cell: ({ point, label }) =>
        point.kind === "text" ? null : (
          <label className={styles.plot}>
            <input
              type="checkbox"
              aria-label={t("device:plot", { label })}
              checked={chosen.includes(point.name)}
              disabled={!chosen.includes(point.name) && chosen.length >= mostPoints}
              onChange={() => toggle(point.name)}
            />
          </label>
        ),
    },
    {
      id: "name",
      head: t("device:column.name"),
      sortBy: ({ label }) => label,
      cell: (row) => (
        <span className={styles.label}>
          {row.label === row.point.name ? (
            <span>
              <PointName name={row.label} />
            </span>
          ) : (
            <>
              {row.label}
              <span className={styles.raw}>
                <PointName name={row.point.name} />
              </span>
            </>
          )}
          {engineer && (
            <span className={`${styles.raw} ${styles.onPhone}`}>
              {[row.point.source, read(row)].filter(Boolean).join(" · ")}
            </span>
          )}
        </span>
      ),
    },
    {
      id: "value",
      head: t("device:column.value"),
      align: "end",
      sortBy: ({ standing }) => (typeof standing.value === "number" ? standing.value : null),
      largestFirst: true,
      cell: (row) => (
        <>
          <RegisterValue device={device} row={row} />
          <span className={`${styles.onPhone} ${styles.told}`}>
            <QualityText standing={row.standing} />
            <Freshness state={row.standing.state} at={row.standing.at} now={now} zone={zone} />
          </span>
        </>
      ),
    },
    {
      id: "spark",
      head: t("device:column.spark"),
      align: "end",
      cell: ({ point, label, standing }) =>
        point.kind === "text" ? null : (
          <RecentSpark
            device={device}
            point={point}
            label={label}
            confirmedAt={standing.at}
            now={now}
          />
        ),
    },
    {
      id: "quality",
      head: t("device:column.quality"),
      sortBy: ({ standing }) => qualityOf(standing),
      cell: ({ standing }) => <QualityText standing={standing} />,
    },
    {
      id: "age",
      head: t("device:column.age"),
      align: "end",
      sortBy: ({ standing }) => standing.at,
      cell: ({ standing }) => (
        <Freshness state={standing.state} at={standing.at} now={now} zone={zone} />
      ),
    },
    {
      id: "source",
      head: t("device:column.source"),
      hidden: !engineer,
      cell: ({ point }) => point.source ?? missing,
    },
    {
      id: "scale",
      head: t("device:column.scale"),
      align: "end",
      hidden: !engineer,
      cell: ({ point }) => (point.scale === undefined ? missing : `× ${point.scale}`),
    },
    {
      id: "raw",
      head: t("device:column.raw"),
      align: "end",
      hidden: !engineer,
      cell: ({ point, standing }) => rawCount(standing.value, point) ?? missing,
    },
    {
      id: "base",
      head: t("device:column.base"),
      align: "end",
      hidden: !engineer,
      cell: ({ point, standing }) => writeBase(standing.value, point.unit),
    },
    {
      id: "read",
      head: t("device:column.read"),
      hidden: !engineer,
      cell: read,
    },
  ];
}
