import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import "uplot/dist/uPlot.min.css";
import { Button } from "../button.tsx";
import { Panel } from "../panel.tsx";
import { useFormat } from "../use-format.ts";
import type { Columns } from "./columns.ts";
import { type ChartSpec, type Feed, leftFirst, type SeriesSpec } from "./spec.ts";
import { summaryOf } from "./summary.ts";
import styles from "./time-series.module.css";
import { usePlot } from "./use-plot.ts";
import { ValueTable, valueText } from "./value-table.tsx";

type TimeSeriesProps = {
  readonly title: string;
  readonly spec: ChartSpec;
  readonly feed: Feed;
  /** The server's time. */
  readonly time: () => number;
  readonly onZoom?: (from: number, to: number) => void;
  readonly onReset?: () => void;
  /** The picture is a part of its period. */
  readonly zoomed?: boolean;
  readonly onWidth?: (pixels: number) => void;
  readonly busy?: boolean;
  readonly className?: string | undefined;
  readonly extra?: ReactNode;
  /** Instead of the picture, when there is nothing in it. */
  readonly empty?: ReactNode;
};

/** Curves over time with a crosshair; `t` shows the same values as a table. */
export function TimeSeries(props: TimeSeriesProps) {
  const { title, spec, feed, time, onZoom, onReset, zoomed, onWidth, busy, className } = props;
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  const plot = usePlot({ spec, feed, time, onCursor: setCursor, onZoom, onReset, onWidth });
  const columns = feed.read();
  const table = useRef<HTMLDivElement>(null);
  const byKey = useRef(false);

  // What had the focus is hidden now: it goes to what took its place.
  useEffect(() => {
    if (!byKey.current) return;
    byKey.current = false;
    const shown = asTable ? table.current?.querySelector<HTMLElement>("[tabindex]") : undefined;
    (shown ?? plot.frame.current)?.focus();
  }, [asTable, plot.frame]);

  const turn = () => {
    byKey.current = true;
    setAsTable((shown) => !shown);
  };
  const keys: Record<string, () => void> = {
    ArrowLeft: () => plot.moveCursor(-1),
    ArrowRight: () => plot.moveCursor(1),
    PageUp: () => plot.moveCursor(-20),
    PageDown: () => plot.moveCursor(20),
    Home: () => plot.moveCursor(Number.NEGATIVE_INFINITY),
    End: () => plot.moveCursor(Number.POSITIVE_INFINITY),
    "0": () => onReset?.(),
    t: turn,
  };
  const acting = (on: Record<string, () => void>) => (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = on[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };

  return (
    <Panel
      title={title}
      className={className}
      busy={busy ?? false}
      extra={
        <>
          <Legend spec={spec} columns={columns} cursor={cursor} />
          <span className={styles.tools}>
            {zoomed && <Button onClick={onReset}>{t("kit:chart.whole")}</Button>}
            {props.extra}
            <Button aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
              {t(asTable ? "kit:chart.asCurve" : "kit:chart.asTable")}
            </Button>
          </span>
        </>
      }
    >
      <div className={styles.area}>
        <div
          ref={plot.frame}
          className={styles.plot}
          data-hidden={asTable}
          role="img"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the crosshair is moved by keys
          tabIndex={0}
          aria-label={summaryOf(title, spec, columns, t)}
          onKeyDown={acting(keys)}
        />
        {asTable && (
          // biome-ignore lint/a11y/noStaticElementInteractions: only the key that leads back to the picture
          <div ref={table} className={styles.table} onKeyDown={acting({ t: turn })}>
            <ValueTable
              title={title}
              spec={spec}
              {...(feed.table?.() ?? { columns, everyMs: undefined })}
            />
          </div>
        )}
        {!asTable && props.empty && <div className={styles.empty}>{props.empty}</div>}
      </div>
    </Panel>
  );
}

type LegendProps = {
  readonly spec: ChartSpec;
  readonly columns: Columns;
  readonly cursor: number | null;
};

function Legend({ spec, columns, cursor }: LegendProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const at = cursor === null ? undefined : columns.at[cursor];
  return (
    <span className={styles.legend}>
      {leftFirst(spec.series).map(({ series, index }) => (
        <span key={series.key} className={styles.entry}>
          <Stroke series={series} />
          {series.axis === "right" ? t("kit:chart.right", { label: series.label }) : series.label}
          {at !== undefined && <b>{valueText(series, columns.values[index]?.[cursor ?? 0])}</b>}
        </span>
      ))}
      {at !== undefined && <span className={styles.time}>{format.dateTime(spec.zone, at)}</span>}
    </span>
  );
}

function Stroke({ series }: { readonly series: SeriesSpec }) {
  return (
    <svg className={styles.stroke} viewBox="0 0 18 8" aria-hidden="true">
      <path
        d="M0 4H18"
        style={{ stroke: `var(${series.token})` }}
        strokeDasharray={series.dash?.join(" ")}
      />
    </svg>
  );
}
