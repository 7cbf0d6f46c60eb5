import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, Segmented } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { Outcome } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { useOrder } from "../../orders/use-order.ts";
import { piecesOf } from "./pieces.ts";
import { SaveTrace } from "./save-trace.tsx";
import { TraceTable } from "./trace-table.tsx";

type TracePanelProps = {
  readonly tag: string;
  readonly gateway: string;
  readonly zone: string;
};

const durations = [10, 30, 60] as const;
/** What a page shows with ease. */
const mostPieces = 1_000;

/** Has the gateway tell what goes over the device's line for a time, shows it as it comes, and keeps it. */
export function TracePanel({ tag, gateway, zone }: TracePanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [seconds, setSeconds] = useState<number>(durations[0]);
  const { give, cancel, command, isBusy, error } = useOrder(gateway);
  const pieces = piecesOf(command);
  const outcome = command?.outcome;
  // Who stops it himself is not told of a failure.
  const isStopped = outcome?.state === "failed" && outcome.code === "cancelled";
  const isFull = outcome?.state === "done" && outcome.traced?.isFull;
  const count = format.count(pieces.length);

  return (
    <Panel title={t("trace:line")}>
      <div className={styles.page}>
        <p className={styles.quiet}>{t("trace:why")}</p>
        <div className={styles.row}>
          <Segmented
            label={t("trace:for")}
            value={String(seconds)}
            choices={durations.map((one) => ({
              value: String(one),
              label: t("trace:seconds", { seconds: one }),
            }))}
            onChange={(value) => setSeconds(Number(value))}
          />
          <Button
            className={styles.primary}
            onClick={() =>
              give({ kind: "trace", device: tag, forMs: seconds * 1_000, most: mostPieces })
            }
            disabled={isBusy}
          >
            {t("trace:start")}
          </Button>
          {isBusy && command && <Button onClick={cancel}>{t("trace:stop")}</Button>}
          {!isBusy && pieces.length > 0 && <SaveTrace tag={tag} pieces={pieces} />}
        </div>
        <ProblemText error={error} />
        {!isStopped && <Outcome command={command} />}
        <p role="status" className={styles.quiet}>
          {isBusy && t("trace:listening", { count: pieces.length, pieces: count })}
          {outcome && t("trace:told", { count: pieces.length, pieces: count })}
          {isFull && ` ${t("trace:full", { most: format.count(mostPieces) })}`}
        </p>
        {outcome?.state === "done" && pieces.length === 0 && <p>{t("trace:nothing")}</p>}
        {pieces.length > 0 && <TraceTable pieces={pieces} zone={zone} />}
      </div>
    </Panel>
  );
}
