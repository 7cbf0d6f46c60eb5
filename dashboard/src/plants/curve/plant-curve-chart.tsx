import type { Freshness, PlantCurve, PlantSummary } from "@sunledger/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { ErrorTile } from "../../kit/error-tile.tsx";
import { scaleOf } from "../../kit/format.ts";
import { LastDay } from "../../kit/last-day.tsx";
import { boundsOf, isOpen, type Period } from "../../kit/period.ts";
import { gapsIn } from "../../kit/time-series/gap-text.ts";
import { roundUp } from "../../kit/time-series/scales.ts";
import type { ChartSpec, SeriesSpec } from "../../kit/time-series/spec.ts";
import { TimeSeries } from "../../kit/time-series/time-series.tsx";
import { useFormat } from "../../kit/use-format.ts";
import type { Zoom } from "../../kit/zoom.ts";
import { isKnown } from "../../live/freshness.ts";
import { useBackFill, useLive } from "../../live/use-live.ts";
import { useMoment } from "../../live/use-moment.ts";
import { curveQuery } from "../queries.ts";
import { curveFeed, curveWithin } from "./curve-feed.ts";
import { daylight, generatedIn } from "./daylight.ts";

/** What of a plant its curve is drawn by. */
type Drawn = Pick<
  PlantSummary,
  "id" | "timeZone" | "acPowerW" | "latitude" | "longitude" | "irradiance"
>;

type PlantCurveProps = {
  readonly plant: Drawn;
  readonly title: string;
  /** How the plant stands now, and since when. */
  readonly state: Freshness;
  readonly newestAt: number | null;
  readonly period: Period;
  /** The part of the period that is looked at. */
  readonly zoom?: Zoom;
  readonly onZoom: (from: number, to: number) => void;
  readonly onReset?: () => void;
  /** Shows another day of the plant. */
  readonly onDay: (day: Period) => void;
  readonly className?: string | undefined;
};

const minute = 60_000;
const whole: Zoom = { from: undefined, to: undefined };

/** Power and irradiance of a plant over a period, growing by the second while it is today. */
export function PlantCurveChart(props: PlantCurveProps) {
  const { plant, title, state, newestAt, period, zoom = whole, className } = props;
  const { onZoom, onReset, onDay } = props;
  const { t } = useTranslation();
  const { http } = useParts();
  const live = useLive();
  const client = useQueryClient();
  const { now: exact } = useMoment();
  const [width, setWidth] = useState(0);
  // The picture moves on by the minute; its values by the second, outside React.
  const now = Math.floor(exact / minute) * minute;
  const bounds = boundsOf(period, plant.timeZone, now);
  const { from, to } = zoom;
  const zoomed = from !== undefined && to !== undefined;
  // A day is read whole: only what was measured tells how much of it is worth a picture.
  const asked = zoomed ? { from, to } : bounds;
  const query = useQuery(curveQuery(http, plant.id, asked, width));
  const { data: read, error, refetch, isPlaceholderData } = query;
  const shown = useMemo(() => {
    if (zoomed) return { from, to };
    if (period === "7d") return bounds;
    const generated = read && generatedIn(read, plant.acPowerW, bounds);
    return daylight(bounds, plant, plant.timeZone, now, generated);
  }, [zoomed, from, to, period, bounds.from, bounds.to, read, plant, now]);
  const curve = useMemo(() => read && curveWithin(read, shown), [read, shown]);
  const open = isOpen(shown, now);
  const room = `plant:${plant.id}`;

  useBackFill(
    useCallback(
      () => client.invalidateQueries({ queryKey: ["plants", plant.id, "curve"] }),
      [client, plant.id],
    ),
  );
  const withIrradiance = measuresIrradiance(plant);
  const followUntil = open ? shown.to : undefined;
  const feed = useMemo(
    () => curveFeed({ live, room, curve, followUntil, withIrradiance }),
    [live, room, curve, followUntil, withIrradiance],
  );
  const spec = useCurveSpec(plant, shown.from, shown.to, open ? now : undefined, curve);

  if (error && !curve) return <ErrorTile error={error} retry={() => void refetch()} />;
  const past = newestAt !== null && newestAt < shown.from && !isKnown(state);
  const nothing = curve !== undefined && !isPlaceholderData && (!open || past) && isEmpty(curve);
  return (
    <TimeSeries
      title={title}
      className={className}
      spec={spec}
      feed={feed}
      time={live.serverNow}
      busy={isPlaceholderData}
      zoomed={zoomed}
      onWidth={(pixels) => setWidth(Math.ceil(pixels / 200) * 200)}
      onZoom={onZoom}
      {...(onReset && { onReset })}
      empty={
        nothing && (
          <EmptyState
            title={t("plant:curve.empty")}
            why={t("plant:curve.emptyWhy")}
            action={past && <LastDay at={newestAt} zone={plant.timeZone} onShow={onDay} />}
          />
        )
      }
    />
  );
}

function isEmpty({ powerW, irradiance }: PlantCurve): boolean {
  return [...powerW.avg, ...irradiance.avg].every((value) => value === null);
}

/** Watts at the top of the axis: the rating, or what was measured where none is known. */
function topOf({ acPowerW }: Drawn, curve: PlantCurve | undefined): number {
  if (acPowerW > 0) return acPowerW;
  return (curve?.powerW.max ?? []).reduce<number>((most, watts) => Math.max(most, watts ?? 0), 0);
}

function useCurveSpec(
  plant: Drawn,
  from: number,
  to: number,
  now: number | undefined,
  curve: PlantCurve | undefined,
): ChartSpec {
  const { t } = useTranslation();
  const format = useFormat();
  const rated = topOf(plant, curve);
  const gaps = curve?.gaps;
  return useMemo(() => {
    const zone = plant.timeZone;
    const top = roundUp(Math.max(rated, 1_000));
    const scale = scaleOf("W", rated);
    const clock = (at: number) => format.clock(zone, at, false);
    const irradiance: SeriesSpec = {
      key: "irradiance",
      label: t("plant:curve.irradiance"),
      token: "--s2",
      dash: [5, 3],
      axis: "right",
      write: (value) => format.measure(value, "W/m2").number,
    };
    return {
      zone,
      from,
      to,
      now,
      // Drawn in this order: power lies over irradiance.
      series: [
        ...(measuresIrradiance(plant) ? [irradiance] : []),
        {
          key: "power",
          label: t("plant:curve.power", { unit: scale.unit }),
          token: "--s1",
          axis: "left",
          extremes: measuresIrradiance(plant) ? { min: 2, max: 3 } : { min: 1, max: 2 },
          write: (watts) => format.measure(watts, "W", scale).number,
        },
      ],
      left: { range: [0, top], write: (watts) => format.short(watts / scale.factor) },
      right: measuresIrradiance(plant)
        ? { range: [0, 1_000], write: (value) => format.count(value) }
        : undefined,
      gaps: gapsIn({ from, to, now }, gaps ?? [], { t, format, zone }),
      writeTick: (at, days) => (days ? format.dayMonth(zone, at) : clock(at)),
    };
  }, [plant, rated, from, to, now, gaps, t, format]);
}

/** A plant without a sensor has no curve of it, and no axis. */
function measuresIrradiance({ irradiance }: Drawn): boolean {
  return irradiance.reason !== "noDevices";
}
