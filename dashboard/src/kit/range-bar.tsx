import styles from "./range-bar.module.css";

type RangeBarProps = {
  readonly value: number | null;
  readonly from: number;
  readonly to: number;
  /** Where the value is expected. */
  readonly band?: { readonly from: number; readonly to: number } | undefined;
};

/** Where a number sits in its range, and where zero is within it; the number itself is said beside it. */
export function RangeBar({ value, from, to, band }: RangeBarProps) {
  return (
    <span className={styles.bar} aria-hidden="true">
      {band && (
        <i
          style={{
            left: `${share(band.from, from, to)}%`,
            right: `${100 - share(band.to, from, to)}%`,
          }}
        />
      )}
      {from < 0 && to > 0 && <s data-zero style={{ left: `${share(0, from, to)}%` }} />}
      {value !== null && <b style={{ left: `${share(value, from, to)}%` }} />}
    </span>
  );
}

function share(value: number, from: number, to: number): number {
  if (to <= from) return 0;
  return Math.min(100, Math.max(0, (100 * (value - from)) / (to - from)));
}
