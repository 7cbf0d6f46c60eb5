import type uPlot from "uplot";
import type { ChartSpec, Gap } from "./spec.ts";

type Paint = (token: string) => string;

/** Hatches what has no data and says why, as far as there is room; what is calm has a plain ground. */
export function drawGaps(plot: uPlot, gaps: readonly Gap[], paint: Paint): void {
  for (const gap of gaps) {
    const left = clampX(plot, plot.valToPos(gap.from, "x", true));
    const right = clampX(plot, plot.valToPos(gap.to, "x", true));
    if (right - left < 1) continue;
    if (gap.isCalm) fillGround(plot, left, right, paint);
    else hatch(plot, left, right, paint);
    drawReason(plot, gap.reason, left, right, paint);
  }
}

function hatch({ ctx, bbox }: uPlot, left: number, right: number, paint: Paint): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, bbox.top, right - left, bbox.height);
  ctx.clip();
  ctx.strokeStyle = paint("--line-strong");
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  const step = 7 * devicePixelRatio;
  for (let x = left - bbox.height; x < right; x += step) {
    ctx.moveTo(x, bbox.top + bbox.height);
    ctx.lineTo(x + bbox.height, bbox.top);
  }
  ctx.stroke();
  ctx.restore();
}

function fillGround({ ctx, bbox }: uPlot, left: number, right: number, paint: Paint): void {
  ctx.save();
  ctx.fillStyle = paint("--line-strong");
  ctx.globalAlpha = 0.12;
  ctx.fillRect(left, bbox.top, right - left, bbox.height);
  ctx.restore();
}

/** In the middle of its gap and never wider than it: what stands beside has its own text. */
function drawReason(plot: uPlot, reason: string, left: number, right: number, paint: Paint): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = fontOf(11);
  const widthOf = (text: string) => ctx.measureText(text).width;
  const margin = 6 * devicePixelRatio;
  const text = shortened(reason, (each) => widthOf(each) + 2 * margin <= right - left);
  if (text !== undefined) {
    const width = widthOf(text);
    const x = (left + right - width) / 2;
    // The second line from the top: the first is the time of the present.
    const y = bbox.top + 28 * devicePixelRatio;
    ctx.fillStyle = paint("--panel");
    ctx.fillRect(x - 4, y - 11 * devicePixelRatio, width + 8, 15 * devicePixelRatio);
    ctx.fillStyle = paint("--fg2");
    // The axes have left their own alignment behind.
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillText(text, x, y);
  }
  ctx.restore();
}

/** As many of the text's first words as fit; undefined when not even one does. */
function shortened(text: string, fits: (text: string) => boolean): string | undefined {
  if (fits(text)) return text;
  const words = text.match(wordOrCharacter) ?? [];
  for (let count = words.length - 1; count > 0; count -= 1) {
    const short = `${words.slice(0, count).join("").trimEnd()}…`;
    if (fits(short)) return short;
  }
  return undefined;
}

/** Chinese has no spaces between its words: it may be cut after each character. */
const wordOrCharacter = /\s*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)/gu;

/** A dashed line at the present with its time. */
export function drawNow(plot: uPlot, spec: ChartSpec, paint: Paint): void {
  if (spec.now === undefined || spec.now < spec.from || spec.now > spec.to) return;
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(spec.now, "x", true)) + 0.5;
  ctx.save();
  ctx.strokeStyle = paint("--val");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = fontOf(11, 600);
  ctx.fillStyle = paint("--val");
  const text = spec.writeTick(spec.now, false);
  const room = x + ctx.measureText(text).width + 10 < bbox.left + bbox.width;
  ctx.textAlign = room ? "left" : "right";
  ctx.textBaseline = "alphabetic";
  ctx.fillText(text, x + (room ? 6 : -6) * devicePixelRatio, bbox.top + 10 * devicePixelRatio);
  ctx.restore();
}

export function fontOf(size: number, weight = 400): string {
  return `${weight} ${size * devicePixelRatio}px "Inter Variable", "Noto Sans SC", "Noto Sans CJK SC", sans-serif`;
}

function clampX({ bbox }: uPlot, x: number): number {
  return Math.min(bbox.left + bbox.width, Math.max(bbox.left, x));
}
