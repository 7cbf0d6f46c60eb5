import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import styles from "../../kit/form.module.css";
import { Outcome, Refused } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { tagAt, withDevices } from "../document.ts";
import { PushStep } from "../push-step.tsx";
import { usePresent } from "../use-present.ts";
import { usePush } from "../use-push.ts";
import type { Named } from "./name-step.tsx";

type CommissionStepProps = {
  readonly gateway: string;
  readonly device: Named & { readonly url: string; readonly profile: string };
  readonly onBack: () => void;
  readonly onNext: () => void;
};

/** Has the gateway poll the device beside what it polls now, and waits until it does. */
export function CommissionStep({ gateway, device, onBack, onNext }: CommissionStepProps) {
  const { t } = useTranslation();
  const { document, after, command, error } = usePresent(gateway);
  const { push, ...pushed } = usePush(gateway);
  const { version } = pushed;
  const { url, profile, ...register } = device;
  const { tag } = register;
  const known = tagAt(document, url);
  const isRunning = version?.state === "applied";
  useEffect(() => {
    if (isRunning) onNext();
  }, [isRunning, onNext]);

  const commission = () => {
    if (!document || after === undefined) return;
    const fresh = {
      document: { ...withDevices(document, [{ tag, url, profile }]) },
      note: t("admin:commission.note", { tag }),
      register: [register],
    };
    push({ fresh, after: version?.version ?? after });
  };

  return (
    <div className={styles.form}>
      <p>{t("admin:commission.why", { gateway })}</p>
      <dl className={styles.facts}>
        <dt>{t("admin:name.tag")}</dt>
        <dd>{tag}</dd>
        <dt>{t("admin:name.en")}</dt>
        <dd>{register.name.en}</dd>
        <dt>{t("admin:commission.url")}</dt>
        <dd>
          <code>{url}</code>
        </dd>
        <dt>{t("admin:commission.profile")}</dt>
        <dd>{profile}</dd>
      </dl>
      <ProblemText error={error} />
      <Outcome command={command} />
      {known !== undefined && known !== tag && (
        <Refused text={t("admin:commission.known", { tag: known })} />
      )}
      <PushStep
        pushed={pushed}
        label={t("admin:commission.go")}
        disabled={!document || (known !== undefined && known !== tag)}
        onBack={onBack}
        onPush={commission}
      />
    </div>
  );
}
