import type { Freshness, PlantDetail } from "@sunledger/model";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PlantCurveChart } from "../curve/plant-curve-chart.tsx";

type PlantCurvePanelProps = {
  readonly plant: PlantDetail;
  /** How the plant stands now, and since when. */
  readonly state: Freshness;
  readonly newestAt: number | null;
  readonly className?: string | undefined;
};

/** The plant's curve over what the address asks for. */
export function PlantCurvePanel({ plant, state, newestAt, className }: PlantCurvePanelProps) {
  const { t } = useTranslation();
  const { period = "today", from, to } = useSearch({ from: "/shell/plants/$plant" });
  const navigate = useNavigate({ from: "/plants/$plant" });
  return (
    <PlantCurveChart
      plant={plant}
      title={t("plant:curve")}
      {...{ state, newestAt, period, className }}
      zoom={{ from, to }}
      onZoom={(start, end) =>
        void navigate({
          search: (before) => ({ ...before, from: Math.round(start), to: Math.round(end) }),
        })
      }
      onReset={() =>
        void navigate({ search: ({ from: _from, to: _to, ...rest }) => rest, replace: true })
      }
      onDay={(day) => void navigate({ search: { period: day } })}
    />
  );
}
