import type { Freshness } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import styles from "./state-label.module.css";

/** A state as shape and word; quiet while it is normal. */
export function StateLabel({ state }: { readonly state: Freshness }) {
  const { t } = useTranslation();
  return (
    <span className={styles.label} data-state={state}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        {shapes[state]}
      </svg>
      {t(`kit:state.${state}`)}
    </span>
  );
}

const shapes: Record<Freshness, React.ReactNode> = {
  live: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  late: (
    <>
      <circle cx="6" cy="6" r="4.6" />
      <path d="M6 3.4V6l1.8 1.2" />
    </>
  ),
  asleep: <path d="M9.4 7.6A4.2 4.2 0 1 1 4.9 2 3.4 3.4 0 0 0 9.4 7.6Z" />,
  stale: <circle cx="6" cy="6" r="4.6" strokeDasharray="2.4 2" />,
  offline: <path d="M2 2L10 10M10 2L2 10" />,
  imported: <path d="M6 1.8V7.6M3.4 5.2L6 7.8 8.6 5.2M2 10.2H10" />,
  never: <path d="M2 6H10" />,
};
