import { useEffect, useRef } from "react";
import type uPlot from "uplot";
import { type Drawn, pageFrames } from "./frame-scheduler.ts";
import { aligned, openPlot, sizeOf } from "./plot.ts";
import type { ChartSpec, Feed } from "./spec.ts";

type PlotUse = {
  readonly spec: ChartSpec;
  readonly feed: Feed;
  readonly time: () => number;
  readonly onCursor: (index: number | null) => void;
  readonly onZoom: ((from: number, to: number) => void) | undefined;
  readonly onReset: (() => void) | undefined;
  readonly onWidth: ((pixels: number) => void) | undefined;
};

export type PlotHandle = {
  /** Where the chart is put. */
  readonly frame: React.RefObject<HTMLDivElement | null>;
  /** Moves the crosshair by values, or to an end. */
  moveCursor(step: number): void;
};

/** Keeps a chart in the frame; draws outside React, in the frames all charts share. */
export function usePlot(use: PlotUse): PlotHandle {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(use);
  latest.current = use;
  const drawn = useRef<Drawn>(undefined);
  // A chart is built anew only when its series change, not when its values, range or language do.
  const shape = use.spec.series.map(({ key, axis }) => `${key}:${axis}`).join(" ");

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const opened = openPlot({
      frame: element,
      spec: () => latest.current.spec,
      columns: () => latest.current.feed.read(),
      time: () => latest.current.time(),
      onCursor: (index) => latest.current.onCursor(index),
      onSelect: (from, to) => latest.current.onZoom?.(from, to),
      onReset: () => latest.current.onReset?.(),
    });
    plot.current = opened;
    let seen = true;
    const own: Drawn = {
      visible: () => seen,
      draw: () => opened.setData(aligned(latest.current.feed.read())),
    };
    drawn.current = own;

    const sight = new IntersectionObserver(([entry]) => {
      seen = entry?.isIntersecting ?? true;
      if (seen) pageFrames.mark(own);
    });
    sight.observe(element);
    const size = new ResizeObserver(() => {
      opened.setSize(sizeOf(element));
      if (element.clientWidth > 0) latest.current.onWidth?.(element.clientWidth);
    });
    size.observe(element);
    const theme = new MutationObserver(() => opened.redraw(false, true));
    theme.observe(document.documentElement, { attributeFilter: ["data-theme", "lang"] });
    return () => {
      sight.disconnect();
      size.disconnect();
      theme.disconnect();
      pageFrames.forget(own);
      opened.destroy();
      plot.current = undefined;
    };
  }, [shape]);

  useEffect(
    () => use.feed.subscribe(() => drawn.current && pageFrames.mark(drawn.current)),
    [use.feed],
  );

  useEffect(() => {
    if (drawn.current) pageFrames.mark(drawn.current);
  }, [use.feed, use.spec]);

  return {
    frame,
    moveCursor(step) {
      const current = plot.current;
      const times = current?.data[0];
      if (!current || !times || times.length === 0) return;
      const from = current.cursor.idx ?? times.length - 1;
      const to = Math.min(times.length - 1, Math.max(0, from + step));
      current.setCursor({
        left: current.valToPos(times[to] ?? 0, "x"),
        top: current.bbox.height / devicePixelRatio / 2,
      });
    },
  };
}
