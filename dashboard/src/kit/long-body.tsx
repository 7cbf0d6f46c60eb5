import { useVirtualizer } from "@tanstack/react-virtual";
import type { ReactNode, RefObject } from "react";

type LongBodyProps = {
  /** What scrolls. */
  readonly frame: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly columns: number;
  readonly line: (index: number) => ReactNode;
};

const rowHeight = 30;

/** The rows of a long table that are seen, and space in the place of the others. */
export function LongBody({ frame, count, columns, line }: LongBodyProps) {
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const seen = virtual.getVirtualItems();
  const above = seen[0]?.start ?? 0;
  const below = virtual.getTotalSize() - (seen.at(-1)?.end ?? 0);
  return (
    <>
      {above > 0 && <Space height={above} columns={columns} />}
      {seen.map(({ index }) => line(index))}
      {below > 0 && <Space height={below} columns={columns} />}
    </>
  );
}

function Space({ height, columns }: { readonly height: number; readonly columns: number }) {
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row without content takes no focus
    <tr aria-hidden="true">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}
