import type { ReactNode } from "react";
import styles from "./states.module.css";

type EmptyStateProps = {
  /** What would be here. */
  readonly title: string;
  /** Why it is not. */
  readonly why: string;
  /** The one action that fills it. */
  readonly action?: ReactNode;
};

export function EmptyState({ title, why, action }: EmptyStateProps) {
  return (
    <div className={styles.state}>
      <p>
        <strong>{title}</strong>
      </p>
      <p>{why}</p>
      {action}
    </div>
  );
}
