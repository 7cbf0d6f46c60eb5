import type { ButtonHTMLAttributes } from "react";
import styles from "./button.module.css";

/** A quiet button with a border of its own. */
export function Button({
  className,
  type = "button",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement>) {
  return <button type={type} className={`${styles.button} ${className ?? ""}`} {...rest} />;
}

type Choice<T extends string> = {
  readonly value: T;
  readonly label: string;
  /** Pressing it opens a dialog: whether that is open. */
  readonly opened?: boolean;
};

type SegmentedProps<T extends string> = {
  readonly label: string;
  readonly value: T | undefined;
  readonly choices: readonly Choice<T>[];
  readonly onChange: (value: T) => void;
};

/** A few choices side by side, one of them pressed. */
export function Segmented<T extends string>({
  label,
  value,
  choices,
  onChange,
}: SegmentedProps<T>) {
  return (
    <fieldset className={styles.segmented}>
      <legend className="visually-hidden">{label}</legend>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          {...(choice.opened !== undefined && {
            "aria-haspopup": "dialog",
            "aria-expanded": choice.opened,
          })}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
