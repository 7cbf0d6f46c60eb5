export type Zoom = { readonly from: number | undefined; readonly to: number | undefined };

/** The part of a period that is zoomed into, Unix milliseconds, if the address names one. */
export function zoomOf({ from, to }: Readonly<Record<string, unknown>>): Zoom {
  return isTime(from) && isTime(to) && from < to
    ? { from, to }
    : { from: undefined, to: undefined };
}

/** The end of the last year that is written in four digits. */
const endOfTime = Date.UTC(9_999, 11, 31);

function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= endOfTime;
}
