import { NativeSelect, TextInput } from "@mantine/core";
import type { CommandOrder, GatewayDetail } from "@sunledger/model";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { InEnglish } from "../../kit/in-english.tsx";
import { Outcome } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { useOrder } from "../../orders/use-order.ts";
import { type Candidate, nameplateOf, searchOf } from "./found.ts";

type ScanStepProps = {
  readonly gateways: readonly GatewayDetail[];
  readonly onNext: (gateway: GatewayDetail, candidate: Candidate) => void;
};

/** Has a gateway look for what answers, and lists it as it is found. */
export function ScanStep({ gateways, onNext }: ScanStepProps) {
  const { t } = useTranslation();
  const [id, setId] = useState(gateways[0]?.id ?? "");
  const gateway = gateways.find((one) => one.id === id);
  const networks = gateway?.allows?.onboarding ?? [];
  const [target, setTarget] = useState("");
  const [units, setUnits] = useState("");
  const [missing, setMissing] = useState(false);
  const { give, cancel, command, isBusy, error } = useOrder(id);
  const { candidates, unknown, progress } = searchOf(command);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(target.trim() === "");
    if (target.trim() === "") return;
    const scan: CommandOrder = { kind: "scan", target: target.trim() };
    give(units.trim() === "" ? scan : { ...scan, units: units.trim() });
  };

  return (
    <div className={styles.form}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <NativeSelect
          label={t("admin:scan.gateway")}
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
          data={gateways.map((one) => ({ value: one.id, label: one.id }))}
          disabled={isBusy}
        />
        <TextInput
          className={styles.wide ?? ""}
          label={t("admin:scan.target")}
          description={t("admin:scan.targetHelp", { networks: networks.join(", ") })}
          placeholder="192.168.1.0/24"
          value={target}
          onChange={({ currentTarget }) => setTarget(currentTarget.value)}
          error={missing && t("admin:scan.targetMissing")}
        />
        <TextInput
          label={t("admin:scan.units")}
          description={t("admin:scan.unitsHelp")}
          placeholder="1-247"
          value={units}
          onChange={({ currentTarget }) => setUnits(currentTarget.value)}
        />
        <div className={styles.row}>
          <Button type="submit" className={styles.primary} disabled={isBusy}>
            {t("admin:scan.start")}
          </Button>
          {isBusy && <Button onClick={cancel}>{t("admin:scan.stop")}</Button>}
        </div>
      </form>
      <ProblemText error={error} />
      <Outcome command={command} />
      <p role="status" className={styles.quiet}>
        {isBusy && !progress && t("admin:scan.waiting")}
        {progress && t("admin:scan.progress", progress)}
      </p>
      {candidates.map((candidate) => (
        <Found
          key={candidate.url}
          candidate={candidate}
          onChoose={() => gateway && onNext(gateway, candidate)}
        />
      ))}
      {unknown.map(({ url, reason }) => (
        <div key={url} className={styles.quiet}>
          <code>{url}</code>
          <InEnglish>{reason}</InEnglish>
        </div>
      ))}
      {command?.state === "done" && candidates.length === 0 && <p>{t("admin:scan.nothing")}</p>}
    </div>
  );
}

type FoundProps = { readonly candidate: Candidate; readonly onChoose: () => void };

function Found({ candidate, onChoose }: FoundProps) {
  const { t } = useTranslation();
  const [best] = candidate.profiles;
  const name = nameplateOf(candidate.texts) || t(`kit:kind.${candidate.kind}`);
  return (
    <article className={styles.row} aria-label={candidate.url}>
      <Button onClick={onChoose}>{t("admin:scan.choose", { name })}</Button>
      <code>{candidate.url}</code>
      {best && <span className={styles.quiet}>{t("admin:scan.best", best)}</span>}
    </article>
  );
}
