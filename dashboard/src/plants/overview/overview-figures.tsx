import type { Coverage } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { joined, type Written } from "../../kit/format.ts";
import { RangeBar } from "../../kit/range-bar.tsx";
import { Tile } from "../../kit/tile.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { isCurrent } from "../../live/freshness.ts";
import { certainShare, leastShare, shareOf, useCoverageText } from "../figures.ts";
import styles from "./overview.module.css";
import { coverageOf, isAbnormal, type PlantRow, sumOf } from "./plant-row.ts";

/** The portfolio in five figures; a sum counts what is current and says how much that is. */
export function OverviewFigures({ rows }: { readonly rows: readonly PlantRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const coverageText = useCoverageText();
  const coverage = coverageOf(rows);
  const share = shareOf(coverage);
  const rated = rows.reduce((sum, { plant }) => sum + plant.acPowerW, 0);
  const power = share < leastShare ? null : sumOf(rows, ({ powerW }) => powerW);
  const out = sumOf(rows, ({ exportW }) => exportW);
  const energy = rows.reduce((sum, { plant }) => sum + (plant.energyTodayWh.value ?? 0), 0);
  const measured = rows.filter(({ plant }) => plant.energyTodayWh.value !== null).length;
  const abnormal = rows.filter(isAbnormal).length;
  const current = rows.some(({ powerW }) => isCurrent(powerW.state));
  const state = current ? "live" : "stale";
  const devices = rows.reduce<Coverage>(
    (sum, { plant, state: own }) => ({
      reporting: sum.reporting + (isCurrent(own) ? plant.devices.reporting : 0),
      total: sum.total + plant.devices.total,
    }),
    { reporting: 0, total: 0 },
  );

  return (
    <div className={styles.tiles}>
      <Tile
        label={t("overview:power")}
        written={written(power, (watts) => format.measure(watts, "W"))}
        state={state}
        uncertain={share < certainShare}
        bar={<RangeBar value={power} from={0} to={rated} />}
        sub={`${t("overview:ofRated", { rated: joined(format.axis(rated, "W")) })} · ${coverageText(coverage)}`}
      />
      <Tile
        label={t("overview:energyToday")}
        written={written(measured > 0 ? energy : null, (wh) => format.measure(wh, "Wh"))}
        state={state}
        sub={t("overview:plantsCounted", { counted: measured, total: rows.length })}
      />
      <Tile
        label={t("overview:export")}
        written={written(out, (watts) => format.measure(watts, "W"))}
        state={state}
        bar={<RangeBar value={out} from={-rated} to={rated} band={{ from: -rated, to: 0 }} />}
        sub={t(out !== null && out < 0 ? "overview:importing" : "overview:exporting")}
      />
      <Tile
        label={t("overview:abnormal")}
        written={{ number: format.count(abnormal), unit: "" }}
        state="live"
        sub={t("overview:ofPlants", { count: rows.length })}
      />
      <Tile
        label={t("overview:reporting")}
        written={written(devices.total > 0 ? shareOf(devices) : null, (ratio) =>
          format.percent(ratio),
        )}
        state="live"
        bar={
          <RangeBar value={shareOf(devices)} from={0} to={1} band={{ from: certainShare, to: 1 }} />
        }
        sub={coverageText(devices)}
      />
    </div>
  );
}

function written(value: number | null, write: (value: number) => Written): Written | undefined {
  return value === null ? undefined : write(value);
}
