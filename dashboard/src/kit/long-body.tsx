import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useState } from "react";

/** What has a row's height known: rows are as high as what they say. */
export type Measured = {
  readonly ref: (row: HTMLTableRowElement | null) => void;
  readonly "data-index": number;
};

type LongBodyProps = {
  /** What stands around the table; it scrolls, or else something around it does. */
  readonly frame: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly columns: number;
  readonly line: (index: number, measured: Measured) => ReactNode;
};

/** Of a row that has not been seen yet. */
const usualHeight = 30;

/** The rows of a long table that are seen, and space in the place of the others. */
export function LongBody({ frame, count, columns, line }: LongBodyProps) {
  useFrameOnceThere();
  const scrollMargin = useOffset(frame);
  const virtual = useVirtualizer<HTMLElement, HTMLTableRowElement>({
    count,
    scrollMargin,
    getScrollElement: () => scrollerOf(frame.current),
    estimateSize: () => usualHeight,
    overscan: 8,
  });
  const seen = virtual.getVirtualItems();
  const above = (seen[0]?.start ?? scrollMargin) - scrollMargin;
  const below = virtual.getTotalSize() + scrollMargin - (seen.at(-1)?.end ?? scrollMargin);
  return (
    <>
      {above > 0 && <Space height={above} columns={columns} />}
      {seen.map(({ index }) => line(index, { ref: virtual.measureElement, "data-index": index }))}
      {below > 0 && <Space height={below} columns={columns} />}
    </>
  );
}

/** A table is in its frame before the page knows that frame: it is drawn once more when it does. */
function useFrameOnceThere(): void {
  const [, setIsThere] = useState(false);
  useEffect(() => setIsThere(true), []);
}

/** How far below the beginning of what scrolls the rows begin, where that is not their own frame. */
function useOffset(frame: RefObject<HTMLElement | null>): number {
  const [offset, setOffset] = useState(0);
  useLayoutEffect(() => {
    const scroller = scrollerOf(frame.current);
    const body = frame.current?.querySelector("tbody");
    if (!scroller || !body || scroller === frame.current) return setOffset(0);
    const top = body.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    setOffset(Math.round(top + scroller.scrollTop));
  });
  return offset;
}

function scrollerOf(frame: HTMLElement | null): HTMLElement | null {
  let element = frame;
  while (element && getComputedStyle(element).overflowY === "visible") {
    element = element.parentElement;
  }
  return element;
}

function Space({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without content takes no focus
    <tr aria-hidden="true">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
