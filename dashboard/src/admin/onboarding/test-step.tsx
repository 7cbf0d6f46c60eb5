import type { DeviceReading } from "@sunledger/model";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { Skeleton } from "../../kit/skeleton.tsx";
import { Outcome } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { useOrder } from "../../orders/use-order.ts";
import { ReadingTable } from "../reading-table.tsx";
import { nameplateOf } from "./found.ts";

type TestStepProps = {
  readonly gateway: string;
  readonly url: string;
  readonly profile: string;
  readonly onBack: () => void;
  readonly onNext: (read: Read) => void;
};

/** What a device answered, and the order by which it was read. */
export type Read = { readonly reading: DeviceReading; readonly command: string };

/** Reads the device once by the profile, so that somebody can compare it with its display. */
export function TestStep({ gateway, url, profile, onBack, onNext }: TestStepProps) {
  const { t } = useTranslation();
  const { give, command, isBusy, error } = useOrder(gateway);
  const outcome = command?.outcome;
  const reading = outcome?.state === "done" ? outcome.reading : undefined;
  useEffect(() => give({ kind: "test-read", url, profile }), [give, url, profile]);

  return (
    <div className={styles.page}>
      <p>{t("admin:test.why")}</p>
      <ProblemText error={error} />
      <Outcome command={command} />
      {isBusy && <Skeleton label={t("admin:test.reading")} lines={6} />}
      {reading && (
        <>
          <p role="status">
            {t("admin:test.done", {
              name: nameplateOf(reading.texts) || profile,
              confidence: reading.confidence,
              points: reading.points.length,
              missing: reading.missing.length,
            })}
          </p>
          <ReadingTable reading={reading} />
        </>
      )}
      <div className={styles.row}>
        <Button onClick={onBack}>{t("admin:back")}</Button>
        <Button onClick={() => give({ kind: "test-read", url, profile })} disabled={isBusy}>
          {t("admin:test.again")}
        </Button>
        <Button
          className={styles.primary}
          onClick={() => command && reading && onNext({ reading, command: command.id })}
          disabled={!reading}
        >
          {t("admin:test.next")}
        </Button>
      </div>
    </div>
  );
}
