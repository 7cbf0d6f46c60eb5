import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLocalText } from "../../app/shell/scope.ts";
import { PlantCurveChart } from "../curve/plant-curve-chart.tsx";
import styles from "./overview.module.css";
import type { PlantRow } from "./plant-row.ts";

/** The present day of each plant side by side; a part that is drawn out opens at its plant. */
export function DayCurves({ rows }: { readonly rows: readonly PlantRow[] }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const navigate = useNavigate();
  return (
    <div className={styles.curves}>
      {rows.map(({ plant, state, newestAt }) => (
        <PlantCurveChart
          key={plant.id}
          plant={plant}
          title={t("overview:curve", { plant: text(plant.name) })}
          {...{ state, newestAt, period: "today" as const }}
          onZoom={(from, to) =>
            void navigate({
              to: "/plants/$plant",
              params: { plant: plant.id },
              search: { from: Math.round(from), to: Math.round(to) },
            })
          }
          onDay={(period) =>
            void navigate({
              to: "/plants/$plant",
              params: { plant: plant.id },
              search: { period },
            })
          }
        />
      ))}
    </div>
  );
}
