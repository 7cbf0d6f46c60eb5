import { useTranslation } from "react-i18next";
import { Button } from "../kit/button.tsx";
import styles from "../kit/form.module.css";
import { type Pushed, PushOutcome } from "./push-outcome.tsx";

type PushStepProps = {
  readonly pushed: Pushed;
  /** What is done by the button. */
  readonly label: string;
  /** Whether something is still missing for it. */
  readonly disabled: boolean;
  readonly onBack: () => void;
  readonly onPush: () => void;
};

/** The end of a step that has a gateway poll something else: what became of it, the way back and the way on. */
export function PushStep({ pushed, label, disabled, onBack, onPush }: PushStepProps) {
  const { t } = useTranslation();
  return (
    <>
      <PushOutcome {...pushed} />
      <div className={styles.row}>
        <Button onClick={onBack} disabled={pushed.isBusy}>
          {t("admin:back")}
        </Button>
        <Button className={styles.primary} onClick={onPush} disabled={disabled || pushed.isBusy}>
          {label}
        </Button>
      </div>
    </>
  );
}
