import type { OrderedCommand } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import styles from "../kit/form.module.css";
import { InEnglish } from "../kit/in-english.tsx";

/** Why a command did not come to a good end, in words; nothing while it may. */
export function Outcome({ command }: { readonly command: OrderedCommand | undefined }) {
  const { t } = useTranslation();
  if (!command) return null;
  const { state, outcome } = command;
  if (state === "unanswered") {
    const isWrite = command.what.kind === "set" || command.what.kind === "release";
    return <Refused text={t(isWrite ? "order:unanswered.write" : "order:unanswered")} />;
  }
  if (outcome?.state === "refused") {
    const { code, reason, reasons = [] } = outcome;
    return (
      <Refused text={t(`order:refusal.${code}`)} details={[...new Set([reason, ...reasons])]} />
    );
  }
  if (outcome?.state === "failed") {
    return <Refused text={t(`order:failure.${outcome.code}`)} details={[outcome.reason]} />;
  }
  return null;
}

type RefusedProps = {
  readonly text: string;
  /** In the words of the gateway or the server, which are English. */
  readonly details?: readonly string[] | undefined;
};

export function Refused({ text, details = [] }: RefusedProps) {
  return (
    <div className={styles.refused} role="alert">
      <p>{text}</p>
      {details.length > 0 && (
        <InEnglish>
          <ul>
            {details.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </InEnglish>
      )}
    </div>
  );
}
