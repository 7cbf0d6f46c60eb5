import type { DeviceDetail, DeviceReplacement } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParts } from "../app/parts.ts";
import { type DataColumn, DataTable } from "../kit/data-table.tsx";
import styles from "../kit/form.module.css";
import { joined, missing } from "../kit/format.ts";
import { Panel } from "../kit/panel.tsx";
import { useFormat } from "../kit/use-format.ts";
import { usePointLabel } from "../points/point-label.ts";
import { useWriteValue } from "../points/write-value.ts";
import { numberIfExact, type PlaceTotal, placeTotals } from "./place-totals.ts";
import { replacementsQuery } from "./queries.ts";
import type { RegisterRow } from "./register-row.ts";

type ReplacementsProps = {
  readonly device: DeviceDetail;
  readonly rows: readonly RegisterRow[];
  readonly zone: string;
};

/** Which devices stood here before, and what all of them have counted; nothing where this is the first. */
export function Replacements({ device, rows, zone }: ReplacementsProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data } = useQuery(replacementsQuery(http, device.id));
  if (!data || data.replacements.length === 0) return null;
  const totals = placeTotals(rows, data.carried);
  return (
    <Panel title={t("device:replacements")}>
      <div className={styles.page}>
        <Exchanges rows={data.replacements} zone={zone} />
        <Counters device={device} replacements={data.replacements} zone={zone} />
        {totals.length > 0 && <Totals rows={totals} />}
      </div>
    </Panel>
  );
}

function useWritten() {
  const write = useWriteValue();
  return (text: string | number, unit: string) => {
    const written = write(typeof text === "string" ? numberIfExact(text) : text, unit);
    return written ? joined(written) : missing;
  };
}

type ExchangesProps = { readonly rows: readonly DeviceReplacement[]; readonly zone: string };

function Exchanges({ rows, zone }: ExchangesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: DataColumn<DeviceReplacement>[] = [
    { id: "at", head: t("device:replaced.at"), cell: ({ at }) => format.dateTime(zone, at) },
    { id: "before", head: t("device:replaced.before"), cell: ({ before }) => before || missing },
    { id: "after", head: t("device:replaced.after"), cell: ({ after }) => after || missing },
    {
      id: "by",
      head: t("device:replaced.by"),
      cell: ({ by }) => by?.name ?? t("device:replaced.noticed"),
    },
  ];
  return (
    <DataTable
      caption={t("device:replacements")}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ at }) => String(at)}
    />
  );
}

type CountersProps = {
  readonly device: DeviceDetail;
  readonly replacements: readonly DeviceReplacement[];
  readonly zone: string;
};

/** Where each counter went on, exchange by exchange. */
function Counters({ device, replacements, zone }: CountersProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = usePointLabel();
  const written = useWritten();
  const units = new Map(device.points.map(({ name, unit }) => [name, unit]));
  const rows = replacements.flatMap(({ at, counters }) =>
    counters.map((counter) => ({ ...counter, at, unit: units.get(counter.point) ?? "" })),
  );
  if (rows.length === 0) return null;
  const columns: DataColumn<(typeof rows)[number]>[] = [
    { id: "point", head: t("device:total.point"), cell: ({ point }) => label(point) },
    {
      id: "before",
      head: t("device:replaced.last"),
      align: "end",
      cell: ({ before, unit }) => written(before, unit),
    },
    {
      id: "after",
      head: t("device:replaced.first"),
      align: "end",
      cell: ({ after, unit }) => written(after, unit),
    },
  ];
  return (
    <DataTable
      caption={t("device:replaced.counters")}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ at, point }) => `${at} ${point}`}
      groupOf={({ at }) => format.dateTime(zone, at)}
    />
  );
}

function Totals({ rows }: { readonly rows: readonly PlaceTotal[] }) {
  const { t } = useTranslation();
  const label = usePointLabel();
  const written = useWritten();
  const columns: DataColumn<PlaceTotal>[] = [
    { id: "point", head: t("device:total.point"), cell: ({ point }) => label(point) },
    {
      id: "now",
      head: t("device:total.now"),
      align: "end",
      cell: ({ now, unit }) => (now === null ? missing : written(now, unit)),
    },
    {
      id: "total",
      head: t("device:total.all"),
      align: "end",
      cell: ({ total, unit }) => written(total, unit),
    },
  ];
  return (
    <DataTable
      caption={t("device:total")}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ point }) => point}
    />
  );
}
