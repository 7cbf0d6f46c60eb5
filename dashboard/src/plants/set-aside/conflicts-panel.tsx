import type { ConflictEntry } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { Value } from "../../kit/value.tsx";
import { usePointLabel } from "../../points/point-label.ts";
import { useWriteValue } from "../../points/write-value.ts";
import { PagedPanel } from "./paged-panel.tsx";
import { conflictsQuery } from "./queries.ts";

type PanelProps = { readonly plant: string; readonly zone: string };

/** Second, different values of one point and time, beside what holds. */
export function ConflictsPanel({ plant, zone }: PanelProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  return (
    <PagedPanel
      title={t("aside:conflicts")}
      name="conflicts"
      query={(page) => conflictsQuery(http, plant, page)}
    >
      {(rows) => <Rows rows={rows} zone={zone} />}
    </PagedPanel>
  );
}

type RowsProps = { readonly rows: readonly ConflictEntry[]; readonly zone: string };

function Rows({ rows, zone }: RowsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = usePointLabel();
  const write = useWriteValue();
  if (rows.length === 0) {
    return <EmptyState title={t("aside:conflicts.none")} why={t("aside:conflicts.noneWhy")} />;
  }
  const told = (one: ConflictEntry["kept"], point: string) => (
    <Value
      written={one ? write(one.value, cataloguePoint(point)?.unit ?? "") : undefined}
      state="live"
      flag={one?.flag}
      title={one ? undefined : t("aside:gone")}
    />
  );
  const columns: DataColumn<ConflictEntry>[] = [
    {
      id: "device",
      head: t("aside:device"),
      cell: ({ device }) => (
        <Link to="/devices/$device" params={{ device: device.id }}>
          {device.tag ?? device.id}
        </Link>
      ),
    },
    { id: "point", head: t("aside:point"), cell: ({ point }) => label(point) },
    { id: "at", head: t("aside:at"), cell: ({ at }) => format.dateTime(zone, at) },
    {
      id: "kept",
      head: t("aside:kept"),
      align: "end",
      cell: ({ kept, point }) => told(kept, point),
    },
    {
      id: "refused",
      head: t("aside:refused"),
      align: "end",
      cell: ({ refused, point }) => told(refused, point),
    },
    {
      id: "arrival",
      head: t("aside:arrival"),
      cell: ({ arrival }) => format.dateTime(zone, arrival),
    },
  ];
  return (
    <DataTable
      caption={t("aside:conflicts")}
      columns={columns}
      rows={rows}
      rowKey={({ device, point, at, arrival, refused }) =>
        `${device.id} ${point} ${at} ${arrival} ${refused.value}`
      }
    />
  );
}
