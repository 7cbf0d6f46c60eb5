import { useTranslation } from "react-i18next";
import styles from "./step-list.module.css";

type StepListProps = { readonly at: number; readonly steps: readonly string[] };

/** The steps, and at which one is. */
export function StepList({ at, steps }: StepListProps) {
  const { t } = useTranslation();
  return (
    <ol className={styles.steps} aria-label={t("admin:steps")}>
      {steps.map((step, i) => (
        <li key={step} aria-current={i === at ? "step" : undefined} data-done={i < at}>
          <span aria-hidden="true">{i + 1}</span>
          {step}
          {i < at && <span className="visually-hidden">{t("admin:step.done")}</span>}
        </li>
      ))}
    </ol>
  );
}
