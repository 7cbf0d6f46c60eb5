import type { PlantDetail } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { joined } from "../../kit/format.ts";
import { RangeBar } from "../../kit/range-bar.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { FigureTile } from "../figure-tile.tsx";
import { gridDirection } from "../grid-direction.ts";
import type { PlantRow } from "../overview/plant-row.ts";
import styles from "./plant.module.css";

type PlantFiguresProps = { readonly plant: PlantDetail; readonly row: PlantRow };

/** Full sun on the modules, a little more than it ever is. */
const fullSun = 1_200;

export function PlantFigures({ plant, row }: PlantFiguresProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { acPowerW, timeZone: zone } = plant;
  const direction = gridDirection(row.exportW);
  const watts = (value: number) => format.measure(value, "W");
  const percent = (ratio: number) => format.percent(ratio);

  return (
    <div className={styles.tiles}>
      <FigureTile
        label={t("plant:power")}
        sum={row.powerW}
        write={watts}
        zone={zone}
        bar={(value) => <RangeBar value={value} from={0} to={acPowerW} />}
        about={t("plant:rated", { power: joined(format.axis(acPowerW, "W")) })}
      />
      <FigureTile
        label={t("plant:irradiance")}
        sum={row.irradiance}
        write={(value) => format.measure(value, "W/m2")}
        zone={zone}
        bar={(value) => <RangeBar value={value} from={0} to={fullSun} />}
        about={t("plant:irradiance.place")}
      />
      <FigureTile
        label={t("plant:pr")}
        sum={row.performanceRatioToday}
        write={percent}
        zone={zone}
        bar={(value) => <RangeBar value={value} from={0} to={1.1} />}
        counted
      />
      <FigureTile
        label={t("plant:energy")}
        sum={row.energyTodayWh}
        write={(wh) => format.measure(wh, "Wh")}
        zone={zone}
        counted
      />
      <FigureTile
        label={t("plant:availability")}
        sum={row.availabilityToday}
        write={percent}
        zone={zone}
        bar={(value) => <RangeBar value={value} from={0} to={1} />}
        counted
      />
      <FigureTile
        label={t("plant:atGrid")}
        sum={row.exportW}
        write={watts}
        zone={zone}
        bar={(value) => <RangeBar value={value} from={-acPowerW} to={acPowerW} />}
        about={direction && t(`plant:atGrid.${direction}`)}
      />
    </div>
  );
}
