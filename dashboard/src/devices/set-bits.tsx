import {
  type CodeSeverity,
  type DevicePoint,
  type SetBit,
  setBits,
  type Value,
} from "@sunledger/model";
import { useTranslation } from "react-i18next";
import styles from "./set-bits.module.css";

type SetBitsProps = {
  readonly value: Value;
  readonly bits: NonNullable<DevicePoint["bits"]>;
};

const ranks: Readonly<Record<CodeSeverity, number>> = { major: 0, minor: 1, warning: 2, info: 3 };

/** What the bits say that are set in a value, the gravest first, each with its severity; nothing where none is. */
export function SetBits({ value, bits }: SetBitsProps) {
  const { t } = useTranslation();
  const set = setBits(value, bits).sort((a, b) => rankOf(a) - rankOf(b));
  if (set.length === 0) return null;
  return (
    <ul className={styles.list}>
      {set.map(({ bit, label = t("device:bit", { bit }), severity, code }) => (
        <li
          key={bit}
          data-severity={severity}
          title={code === undefined ? undefined : String(code)}
        >
          {label}
          {severity !== undefined && <small> {t(`device:severity.${severity}`)}</small>}
        </li>
      ))}
    </ul>
  );
}

function rankOf({ severity }: SetBit): number {
  return severity === undefined ? Object.keys(ranks).length : ranks[severity];
}
