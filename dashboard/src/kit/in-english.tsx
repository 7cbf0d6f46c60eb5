import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import styles from "./in-english.module.css";

/** What is known in English only: to who reads another language it is folded under a line that says so. */
export function InEnglish({ children }: { readonly children: ReactNode }) {
  const { t, i18n } = useTranslation();
  if (i18n.language === "en") return <div className={styles.text}>{children}</div>;
  return (
    <details className={styles.text}>
      <summary>{t("kit:inEnglish")}</summary>
      <div lang="en">{children}</div>
    </details>
  );
}
