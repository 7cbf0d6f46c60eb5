import { NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { Outcome } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { useOrder } from "../../orders/use-order.ts";
import { nameplateOf } from "../onboarding/found.ts";
import { gatewaysQuery } from "../queries.ts";
import { ReadingTable } from "../reading-table.tsx";

/** Reads a device once by the profile, with what each register held. */
export function ProfileTest({ profile }: { readonly profile: string }) {
  const { t } = useTranslation();
  const { http } = useParts();
  const { data = [] } = useQuery(gatewaysQuery(http));
  const gateways = data.filter(({ allows }) => allows?.onboarding !== undefined);
  const [chosen, setChosen] = useState<string>();
  const gateway = chosen ?? gateways[0]?.id ?? "";
  const [url, setUrl] = useState("");
  const [missing, setMissing] = useState(false);
  const { give, command, isBusy, error } = useOrder(gateway);
  const outcome = command?.outcome;
  const reading = outcome?.state === "done" ? outcome.reading : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(url.trim() === "");
    if (url.trim() !== "") give({ kind: "test-read", url: url.trim(), profile });
  };
  if (gateways.length === 0) return <p>{t("admin:onboard.noneWhy")}</p>;
  return (
    <div className={styles.page}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <NativeSelect
          label={t("admin:scan.gateway")}
          value={gateway}
          onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          data={gateways.map(({ id }) => ({ value: id, label: id }))}
          disabled={isBusy}
        />
        <TextInput
          className={styles.wide ?? ""}
          label={t("admin:profile.url")}
          placeholder="tcp://192.168.1.10:502?unit=1"
          value={url}
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
          error={missing && t("admin:profile.urlMissing")}
        />
        <Button type="submit" className={styles.primary} disabled={isBusy}>
          {t("admin:profile.read")}
        </Button>
      </form>
      <ProblemText error={error} />
      <Outcome command={command} />
      <p role="status" className={styles.quiet}>
        {isBusy && t("admin:test.reading")}
        {reading &&
          t("admin:test.done", {
            name: nameplateOf(reading.texts) || profile,
            confidence: reading.confidence,
            points: reading.points.length,
            missing: reading.missing.length,
          })}
      </p>
      {reading && <ReadingTable reading={reading} />}
    </div>
  );
}
