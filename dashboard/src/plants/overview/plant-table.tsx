import { shareOf } from "@sunledger/model";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLocalText } from "../../app/shell/scope.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { scaleOf, type Written } from "../../kit/format.ts";
import { Freshness, useFreshnessText } from "../../kit/freshness.tsx";
import { RangeBar } from "../../kit/range-bar.tsx";
import { sortAsked, sortedSearch } from "../../kit/sort-search.ts";
import { Spark } from "../../kit/spark.tsx";
import { StateLabel } from "../../kit/state-label.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { Value } from "../../kit/value.tsx";
import type { Sum } from "../sum.ts";
import styles from "./overview.module.css";
import { type Devices, expectedOf, type PlantRow } from "./plant-row.ts";

type PlantTableProps = {
  readonly rows: readonly PlantRow[];
  readonly now: number;
  readonly onOpen: (plant: string) => void;
};

/** The plants, worst first unless a column is sorted; the order stays in the address. */
export function PlantTable({ rows, now, onOpen }: PlantTableProps) {
  const { t } = useTranslation();
  const asked = useSearch({ from: "/shell/overview" });
  const navigate = useNavigate({ from: "/overview" });
  const columns = useColumns(now, Math.max(0, ...rows.map(({ plant }) => plant.acPowerW)));
  return (
    <DataTable
      caption={t("overview:plants")}
      columns={columns}
      rows={rows}
      rowKey={({ plant }) => plant.id}
      sort={sortAsked(asked, columns)}
      onSort={(next) =>
        void navigate({ search: (before) => sortedSearch(before, next), replace: true })
      }
      onOpen={({ plant }) => onOpen(plant.id)}
      rowState={({ state }) => state}
      cards
    />
  );
}

function useColumns(now: number, largest: number): DataColumn<PlantRow>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const text = useLocalText();
  const tellAge = useFreshnessText();
  // A column keeps one unit: the one that fits the largest plant.
  const power = scaleOf("W", largest);

  const shown = (
    { plant: { timeZone: zone } }: PlantRow,
    { value, at, state, reason, doubtful }: Sum,
    write: (value: number) => Written,
  ) => (
    <Value
      written={value === null ? undefined : write(value)}
      state={state}
      flag={doubtful ? "suspect" : undefined}
      withoutUnit
      title={reason ? t(`kit:reason.${reason}`) : tellAge({ state, at, now, zone })}
    />
  );
  const tellDevices = (devices: Devices) => {
    const { reporting, total, asleep = 0 } = expectedOf(devices);
    if (total === 0 && devices.imported > 0) {
      return t("overview:devices.imported", { count: devices.imported });
    }
    return t(asleep > 0 ? "overview:devices.asleep" : "overview:devices", {
      reporting: format.count(reporting),
      total: format.count(total),
      asleep: format.count(asleep),
    });
  };
  return [
    {
      id: "name",
      head: t("overview:column.name"),
      sortBy: ({ plant }) => text(plant.name),
      cell: ({ plant }) => (
        <>
          <Link to="/plants/$plant" params={{ plant: plant.id }} className={styles.name}>
            {text(plant.name)}
          </Link>
          <span className={styles.code}>{plant.code}</span>
        </>
      ),
    },
    {
      id: "state",
      head: t("overview:column.state"),
      width: "110px",
      sortBy: ({ state }) => state,
      cell: ({ state }) => <StateLabel state={state} />,
    },
    {
      id: "power",
      head: `${t("overview:column.power")} ${power.unit}`,
      align: "end",
      width: "260px",
      largestFirst: true,
      sortBy: ({ powerW }) => powerW.value,
      cell: (row) => (
        <span className={styles.power}>
          <RangeBar value={row.powerW.value} from={0} to={row.plant.acPowerW} />
          {shown(row, row.powerW, (value) => format.measure(value, "W", power))}
        </span>
      ),
    },
    {
      id: "irradiance",
      head: `${t("overview:column.irradiance")} W/m²`,
      align: "end",
      largestFirst: true,
      sortBy: ({ irradiance }) => irradiance.value,
      cell: (row) => shown(row, row.irradiance, (value) => format.measure(value, "W/m2")),
    },
    {
      id: "energy",
      head: `${t("overview:column.energy")} kWh`,
      align: "end",
      largestFirst: true,
      sortBy: ({ energyTodayWh }) => energyTodayWh.value,
      cell: (row) =>
        shown(row, row.energyTodayWh, (wh) => ({
          number: format.fixed(wh / 1_000, 1),
          unit: "kWh",
        })),
    },
    {
      id: "pr",
      head: `${t("overview:column.pr")} %`,
      align: "end",
      largestFirst: true,
      sortBy: ({ performanceRatioToday }) => performanceRatioToday.value,
      cell: (row) => shown(row, row.performanceRatioToday, (ratio) => format.percent(ratio)),
    },
    {
      id: "devices",
      head: t("overview:column.devices"),
      align: "end",
      sortBy: ({ devices }) => shareOf(expectedOf(devices)),
      cell: ({ devices }) => (
        <span className={styles.devices} data-complete={shareOf(expectedOf(devices)) === 1}>
          {tellDevices(devices)}
        </span>
      ),
    },
    {
      id: "newest",
      head: t("overview:column.newest"),
      align: "end",
      width: "140px",
      sortBy: ({ newestAt }) => newestAt,
      largestFirst: true,
      cell: ({ newestAt, state, plant }) => (
        <Freshness state={state} at={newestAt} now={now} zone={plant.timeZone} />
      ),
    },
    {
      id: "today",
      head: t("overview:column.today"),
      align: "end",
      width: "1px",
      cell: ({ plant }) => (
        <span className={styles.spark}>
          <Spark
            values={plant.spark}
            length={48}
            top={plant.acPowerW}
            label={t("overview:spark", { plant: text(plant.name) })}
          />
        </span>
      ),
    },
  ];
}
