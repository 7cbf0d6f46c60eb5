import styles from "./states.module.css";

type SkeletonProps = { readonly label: string; readonly lines?: number };

/** The shape of what is being read; unseen for the first 150 ms. */
export function Skeleton({ label, lines = 3 }: SkeletonProps) {
  const rows = Array.from({ length: lines }, (_, index) => index);
  return (
    <div className={styles.skeleton} role="status" aria-label={label}>
      {rows.map((row) => (
        <span key={row} />
      ))}
    </div>
  );
}
