import type { Freshness } from "@sunledger/model";
import type { ReactNode } from "react";
import { doubtMark, missing, type Written } from "./format.ts";
import styles from "./tile.module.css";

type TileProps = {
  readonly label: string;
  readonly written: Written | undefined;
  readonly state: Freshness;
  /** Fewer than 95 % of the devices contribute. */
  readonly uncertain?: boolean;
  /** A range bar, where the value has a range. */
  readonly bar?: ReactNode;
  /** What the number stands beside: its coverage, rating or why it is missing. */
  readonly sub: string;
};

/** One key figure. */
export function Tile({ label, written, state, uncertain, bar, sub }: TileProps) {
  return (
    <article className={styles.tile} data-state={state} data-testid="tile">
      <h2>{label}</h2>
      <p className={styles.number}>
        {uncertain && written && <span title={sub}>{doubtMark(written.number)}</span>}
        {written ? written.number : missing}
        {written && written.unit !== "" && <small> {written.unit}</small>}
      </p>
      <div className={styles.bar}>{bar}</div>
      <p className={styles.sub}>{sub}</p>
    </article>
  );
}
