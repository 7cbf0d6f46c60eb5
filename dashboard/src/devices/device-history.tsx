import type { DeviceDetail, DeviceHistory, DevicePoint, Freshness } from "@sunledger/model";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../app/parts.ts";
import { EmptyState } from "../kit/empty-state.tsx";
import { ErrorTile } from "../kit/error-tile.tsx";
import { LastDay } from "../kit/last-day.tsx";
import { boundsOf, isOpen, type Period } from "../kit/period.ts";
import { PeriodPicker } from "../kit/period-picker.tsx";
import { gapsIn } from "../kit/time-series/gap-text.ts";
import { type ChartSpec, fixedFeed, type SeriesSpec } from "../kit/time-series/spec.ts";
import { TimeSeries } from "../kit/time-series/time-series.tsx";
import { useBegunPeriod } from "../kit/use-begun-period.ts";
import { useDuration, useFormat } from "../kit/use-format.ts";
import { isKnown } from "../live/freshness.ts";
import { useBackFill, useLive } from "../live/use-live.ts";
import { useMoment } from "../live/use-moment.ts";
import { usePointLabel } from "../points/point-label.ts";
import { useWriteNumber } from "../points/write-value.ts";
import styles from "./device.module.css";
import { axisScales, commonGaps, historyColumns, historySeries } from "./history-chart.ts";
import { historyQuery } from "./queries.ts";
import { useChosenPoints } from "./use-chosen-points.ts";

type DeviceHistoryPanelProps = {
  readonly device: DeviceDetail;
  /** How it stands now. */
  readonly state: Freshness;
  readonly zone: string;
  readonly className?: string | undefined;
};

const minute = 60_000;

/** The chosen points over the chosen period: averages with a band from smallest to largest. */
export function DeviceHistoryPanel({ device, state, zone, className }: DeviceHistoryPanelProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const live = useLive();
  const client = useQueryClient();
  const duration = useDuration();
  const { now: exact } = useMoment();
  const now = Math.floor(exact / minute) * minute;
  const { period = "today", from, to } = useSearch({ from: "/shell/devices/$device" });
  const navigate = useNavigate({ from: "/devices/$device" });
  const choose = (next: Period) =>
    void navigate({
      search: ({ from: _from, to: _to, period: _period, ...rest }) =>
        next === "today" ? rest : { ...rest, period: next },
      replace: true,
    });
  useBegunPeriod(period, zone, () => choose("today"));
  const [width, setWidth] = useState(0);
  const { chosen } = useChosenPoints(device);
  const whole = boundsOf(period, zone, now);
  const shown = { from: from ?? whole.from, to: to ?? whole.to };
  const { data, error, refetch, isPlaceholderData } = useQuery(
    historyQuery(http, device.id, { points: chosen, ...shown, width }),
  );
  useBackFill(
    useCallback(
      () => client.invalidateQueries({ queryKey: ["devices", device.id, "history"] }),
      [client, device.id],
    ),
  );
  const names = chosen.join(" ");
  const feed = useMemo(
    () => fixedFeed(historyColumns(data, names.split(" ").filter(Boolean)), data?.everyMs),
    [data, names],
  );
  const points = chosen.flatMap((name) => device.points.find((each) => each.name === name) ?? []);
  const present = isOpen(shown, now) ? now : undefined;
  const spec = useHistorySpec({ points, history: data, zone, ...shown, now: present });

  const { newestAt } = device;
  const past = newestAt !== null && newestAt < shown.from && !isKnown(state);
  const nothing = data?.series.every(({ start }) => start.length === 0) ?? false;

  if (error && !data) return <ErrorTile error={error} retry={() => void refetch()} />;
  return (
    <TimeSeries
      title={t("device:history")}
      className={className}
      spec={spec}
      feed={feed}
      time={live.serverNow}
      busy={isPlaceholderData}
      zoomed={from !== undefined}
      onWidth={(pixels) => setWidth(Math.ceil(pixels / 200) * 200)}
      onZoom={(start, end) =>
        void navigate({
          search: (before) => ({ ...before, from: Math.round(start), to: Math.round(end) }),
        })
      }
      onReset={() =>
        void navigate({ search: ({ from: _from, to: _to, ...rest }) => rest, replace: true })
      }
      extra={
        <>
          {data && (
            <span className={styles.note}>
              {t("device:history.every", { every: duration(data.everyMs) })}
            </span>
          )}
          <PeriodPicker period={period} zone={zone} now={now} onChange={choose} />
        </>
      }
      empty={
        chosen.length === 0 ? (
          <EmptyState title={t("device:history.none")} why={t("device:history.choose")} />
        ) : (
          past &&
          nothing && (
            <EmptyState
              title={t("device:history.empty")}
              why={t("device:history.emptyWhy")}
              action={
                <LastDay
                  at={newestAt}
                  zone={zone}
                  onShow={(day) =>
                    void navigate({
                      search: ({ from: _from, to: _to, ...rest }) => ({ ...rest, period: day }),
                    })
                  }
                />
              }
            />
          )
        )
      }
    />
  );
}

type Pictured = {
  readonly points: readonly DevicePoint[];
  readonly history: DeviceHistory | undefined;
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  readonly now: number | undefined;
};

function useHistorySpec({ points, history, zone, from, to, now }: Pictured): ChartSpec {
  const { t } = useTranslation();
  const format = useFormat();
  const name = usePointLabel();
  const writeNumber = useWriteNumber();
  // The picture is drawn anew when its points, period, minute, values or language change.
  const key = JSON.stringify([
    points.map((point) => point.name),
    from,
    to,
    now,
    format.locale,
    zone,
  ]);
  return useMemo(() => {
    const clock = (at: number) => format.clock(zone, at, false);
    const label = (point: string, unit: string) =>
      t("device:history.series", { label: name(point), unit }).trim();
    const series = historySeries({ points, history, label, write: writeNumber });
    const scales = axisScales(points, history);
    const axis = (side: SeriesSpec["axis"]) => {
      const first = points[series.findIndex((each) => each.axis === side)];
      const factor = first ? scales[side](first.unit).factor : 1;
      return { write: (value: number) => format.short(value / factor) };
    };
    const gaps = commonGaps(
      history,
      points.map((point) => point.name),
    );
    return {
      zone,
      from,
      to,
      now,
      series,
      left: axis("left"),
      right: series.some((each) => each.axis === "right") ? axis("right") : undefined,
      gaps: gapsIn({ from, to, now }, gaps, { t, format, zone }),
      writeTick: (at, days) => (days ? format.dayMonth(zone, at) : clock(at)),
    };
  }, [key, history, t]);
}
