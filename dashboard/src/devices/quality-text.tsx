import { useTranslation } from "react-i18next";
import styles from "./device.module.css";
import { qualityOf } from "./quality.ts";
import type { RegisterRow } from "./register-row.ts";

/** The quality of a register's value in a word; good is quiet. */
export function QualityText({ standing }: Pick<RegisterRow, "standing">) {
  const { t } = useTranslation();
  const quality = qualityOf(standing);
  return (
    <span className={styles.quality} data-quality={quality}>
      {t(`device:quality.${quality}`)}
    </span>
  );
}
