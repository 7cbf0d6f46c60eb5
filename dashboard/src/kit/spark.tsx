import styles from "./spark.module.css";

type SparkProps = {
  /** Evenly spaced; a null is a gap. */
  readonly values: readonly (number | null)[];
  /** How many there will be when the period is over. */
  readonly length?: number;
  readonly top?: number;
  /** From the smallest to the largest value instead of from zero: what changes is seen. */
  readonly fit?: boolean;
  /** What it shows, in one sentence. */
  readonly label: string;
};

const width = 100;
const height = 24;

/** A small curve without axes. */
export function Spark({ values, length = values.length, top, fit, label }: SparkProps) {
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={sparkPath(values, length, top, fit)} />
    </svg>
  );
}

/** The drawing of the values; a gap lifts the pen. */
export function sparkPath(
  values: readonly (number | null)[],
  length: number,
  top?: number,
  fit = false,
): string {
  const known = values.filter((value) => value !== null);
  const least = fit ? Math.min(...known) : Math.min(0, ...known);
  const most = top ?? Math.max(...known, least + Number.EPSILON);
  const x = (index: number) => (width * index) / Math.max(1, length - 1);
  const y = (value: number) =>
    height - 1 - ((height - 2) * (value - least)) / Math.max(Number.EPSILON, most - least);
  let path = "";
  let down = false;
  values.forEach((value, index) => {
    if (value !== null) path += `${down ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    down = value !== null;
  });
  return path;
}
