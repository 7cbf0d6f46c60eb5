import { certainShare, shareOf } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { useScope, zoneOf } from "../../app/shell/scope.ts";
import { joined } from "../../kit/format.ts";
import { RangeBar } from "../../kit/range-bar.tsx";
import { Tile } from "../../kit/tile.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { useMoment } from "../../live/use-moment.ts";
import { useCoverageText } from "../coverage-text.ts";
import { FigureTile } from "../figure-tile.tsx";
import { gridDirection } from "../grid-direction.ts";
import { countedOf, sumOf } from "../sum.ts";
import styles from "./overview.module.css";
import { devicesOf, expectedOf, isAbnormal, isPolled, type PlantRow } from "./plant-row.ts";

/**
 * The portfolio in five figures; a sum counts what is current and says how much that is. Plants of
 * imported values have no part in it.
 */
export function OverviewFigures({ rows: all }: { readonly rows: readonly PlantRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cover = useCoverageText();
  const { zone } = zoneOf(useScope());
  const { lost } = useMoment();
  const rows = all.filter(isPolled);
  const rated = rows.reduce((sum, { plant }) => sum + plant.acPowerW, 0);
  const out = sumOf(rows.map(({ exportW }) => exportW));
  const direction = gridDirection(out);
  const devices = expectedOf(devicesOf(rows));
  const share = shareOf(devices);
  // Who counts heads must hear the server.
  const counting = lost ? "stale" : "live";

  return (
    <div className={styles.tiles}>
      <FigureTile
        label={t("overview:power")}
        sum={sumOf(rows.map(({ powerW }) => powerW))}
        write={(watts) => format.measure(watts, "W")}
        zone={zone}
        bar={(watts) => <RangeBar value={watts} from={0} to={rated} />}
        about={t("overview:ofRated", { rated: joined(format.axis(rated, "W")) })}
      />
      <FigureTile
        label={t("overview:energyToday")}
        sum={countedOf(rows.map(({ energyTodayWh }) => energyTodayWh))}
        write={(wh) => format.measure(wh, "Wh")}
        zone={zone}
        counted
      />
      <FigureTile
        label={t("overview:atGrid")}
        sum={out}
        write={(watts) => format.measure(watts, "W")}
        zone={zone}
        bar={(watts) => <RangeBar value={watts} from={-rated} to={rated} />}
        about={direction && t(`overview:atGrid.${direction}`)}
      />
      <Tile
        label={t("overview:abnormal")}
        written={{ number: format.count(rows.filter(isAbnormal).length), unit: "" }}
        state={counting}
        sub={t("overview:ofPlants", { count: rows.length })}
      />
      <Tile
        label={t("overview:reporting")}
        written={devices.total > 0 ? format.percent(share) : undefined}
        state={counting}
        bar={<RangeBar value={share} from={0} to={1} band={{ from: certainShare, to: 1 }} />}
        sub={cover(devices)}
      />
    </div>
  );
}
