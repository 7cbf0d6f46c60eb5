import { useTranslation } from "react-i18next";
import styles from "./step-list.module.css";

export const steps = ["scan", "profile", "test", "name", "commission", "live"] as const;

/** The steps, and at which one is. */
export function StepList({ at }: { readonly at: number }) {
  const { t } = useTranslation();
  return (
    <ol className={styles.steps} aria-label={t("admin:steps")}>
      {steps.map((step, i) => (
        <li key={step} aria-current={i === at ? "step" : undefined} data-done={i < at}>
          <span aria-hidden="true">{i + 1}</span>
          {t(`admin:step.${step}`)}
          {i < at && <span className="visually-hidden">{t("admin:step.done")}</span>}
        </li>
      ))}
    </ol>
  );
}
