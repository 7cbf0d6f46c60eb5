import type { ReactNode } from "react";
import styles from "./states.module.css";

type EmptyStateProps = {
  /** What would be here. */
  readonly title: string;
  /** Why it is not. */
  readonly why: string;
  /** The one action that fills it. */
  readonly action?: ReactNode;
  /** Nothing else is on the page. */
  readonly page?: boolean;
};

export function EmptyState({ title, why, action, page }: EmptyStateProps) {
  const Title = page ? "h1" : "strong";
  return (
    <div className={styles.state}>
      <Title>{title}</Title>
      <p>{why}</p>
      {action}
    </div>
  );
}
