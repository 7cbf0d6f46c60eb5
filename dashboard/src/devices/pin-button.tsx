import styles from "./device.module.css";

type PinButtonProps = {
  readonly label: string;
  readonly pinned: boolean;
  readonly onToggle: () => void;
};

/** Keeps a register on top of the table. */
export function PinButton({ label, pinned, onToggle }: PinButtonProps) {
  return (
    <button
      type="button"
      className={styles.pin}
      aria-label={label}
      aria-pressed={pinned}
      onClick={onToggle}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d="M5.5 2h5M6 2v4.5L4 9h8l-2-2.5V2M8 9v5" />
      </svg>
    </button>
  );
}
