import type { Coverage, PlantDetail } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { joined, type Written } from "../../kit/format.ts";
import { useFreshnessText } from "../../kit/freshness.tsx";
import { RangeBar } from "../../kit/range-bar.tsx";
import { Tile } from "../../kit/tile.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { isCurrent } from "../../live/freshness.ts";
import { useMoment } from "../../live/use-moment.ts";
import { certainShare, leastShare, shareOf, slowState, useCoverageText } from "../figures.ts";
import type { PlantRow, Shown } from "../overview/plant-row.ts";
import type { Peer } from "./deviation.ts";
import styles from "./plant.module.css";

type PlantFiguresProps = {
  readonly plant: PlantDetail;
  readonly row: PlantRow;
  readonly peers: readonly Peer[];
};

/** Full sun on the modules, a little more than it ever is. */
const fullSun = 1_200;

export function PlantFigures({ plant, row, peers }: PlantFiguresProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const coverageText = useCoverageText();
  const tell = useTelling();
  const coverage = liveCoverage(peers, row);
  const share = shareOf(coverage);
  const { energyTodayWh, performanceRatioToday, availabilityToday } = plant;
  const power = share < leastShare && isCurrent(row.powerW.state) ? null : row.powerW.value;
  const out = row.exportW.value;

  return (
    <div className={styles.tiles}>
      <Tile
        label={t("plant:power")}
        written={write(power, (watts) => format.measure(watts, "W"))}
        state={row.powerW.state}
        uncertain={share < certainShare}
        bar={<RangeBar value={power} from={0} to={plant.acPowerW} />}
        sub={tell(
          row.powerW,
          `${t("plant:rated", { power: joined(format.axis(plant.acPowerW, "W")) })} · ${coverageText(coverage)}`,
        )}
      />
      <Tile
        label={t("plant:irradiance")}
        written={write(row.irradiance.value, (value) => format.measure(value, "W/m2"))}
        state={row.irradiance.state}
        bar={<RangeBar value={row.irradiance.value} from={0} to={fullSun} />}
        sub={tell(row.irradiance, t("plant:irradiance.place"))}
      />
      <Tile
        label={t("plant:pr")}
        written={write(performanceRatioToday.value, (ratio) => format.percent(ratio))}
        state={slowState(row.state, performanceRatioToday.value)}
        uncertain={shareOf(performanceRatioToday.coverage) < certainShare}
        bar={<RangeBar value={performanceRatioToday.value} from={0} to={1.1} />}
        sub={
          coverageText(performanceRatioToday.coverage, performanceRatioToday.reason) ||
          t("plant:sinceMidnight")
        }
      />
      <Tile
        label={t("plant:energy")}
        written={write(energyTodayWh.value, (wh) => format.measure(wh, "Wh"))}
        state={slowState(row.state, energyTodayWh.value)}
        uncertain={shareOf(energyTodayWh.coverage) < certainShare}
        sub={coverageText(energyTodayWh.coverage, energyTodayWh.reason) || t("plant:sinceMidnight")}
      />
      <Tile
        label={t("plant:availability")}
        written={write(availabilityToday.value, (ratio) => format.percent(ratio))}
        state={slowState(row.state, availabilityToday.value)}
        bar={<RangeBar value={availabilityToday.value} from={0} to={1} />}
        sub={coverageText(coverage, availabilityToday.reason)}
      />
      <Tile
        label={t(out !== null && out < 0 ? "plant:import" : "plant:export")}
        written={write(out, (watts) => format.measure(watts, "W"))}
        state={row.exportW.state}
        bar={
          <RangeBar
            value={out}
            from={-plant.acPowerW}
            to={plant.acPowerW}
            band={{ from: -plant.acPowerW, to: 0 }}
          />
        }
        sub={tell(row.exportW, t("plant:exportSign"))}
      />
    </div>
  );
}

/** What stands under a live figure: what it is compared with, or how old it is and why it is missing. */
function useTelling() {
  const { t } = useTranslation();
  const { now } = useMoment();
  const age = useFreshnessText();
  return ({ value, at, state, reason }: Shown, usual: string) => {
    if (value === null) return reason ? t(`kit:reason.${reason}`) : t("kit:freshness.never");
    return isCurrent(state) ? usual : age({ state, at, now });
  };
}

/** The inverters that report at this moment. */
function liveCoverage(peers: readonly Peer[], row: PlantRow): Coverage | null {
  if (peers.length === 0) return row.coverage;
  const current = peers.filter(({ power, state }) => isCurrent(power?.state ?? state));
  return { reporting: current.length, total: peers.length };
}

function write(value: number | null, how: (value: number) => Written): Written | undefined {
  return value === null ? undefined : how(value);
}
