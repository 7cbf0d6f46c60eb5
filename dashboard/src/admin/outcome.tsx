import type { OrderedCommand } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import styles from "./admin.module.css";

/** Why a command did not come to a good end, in words; nothing while it may. */
export function Outcome({ command }: { readonly command: OrderedCommand | undefined }) {
  const { t } = useTranslation();
  if (!command) return null;
  const { state, outcome } = command;
  if (state === "unanswered") {
    const isWrite = command.what.kind === "set" || command.what.kind === "release";
    return <Refused text={t(isWrite ? "admin:unanswered.write" : "admin:unanswered")} />;
  }
  if (outcome?.state === "refused") {
    const text = t(`admin:refusal.${outcome.code}`);
    return <Refused text={text} detail={outcome.reason} details={outcome.reasons} />;
  }
  if (outcome?.state === "failed") {
    return <Refused text={t(`admin:failure.${outcome.code}`)} detail={outcome.reason} />;
  }
  return null;
}

type RefusedProps = {
  readonly text: string;
  /** In the gateway's own words, which are English. */
  readonly detail?: string | undefined;
  readonly details?: readonly string[] | undefined;
};

export function Refused({ text, detail, details = [] }: RefusedProps) {
  return (
    <div className={styles.refused} role="alert">
      <p>{text}</p>
      {detail && <p className={styles.reason}>{detail}</p>}
      {details.length > 0 && (
        <ul>
          {details.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
