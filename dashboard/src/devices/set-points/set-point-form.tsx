import { NativeSelect, TextInput } from "@mantine/core";
import type { DeviceDetail, SetPointRules } from "@sunledger/model";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { useFormat } from "../../kit/use-format.ts";
import { Outcome } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { usePointLabel } from "../../points/point-label.ts";
import { useWriteBase } from "../../points/write-value.ts";
import { Proposal } from "./proposal.tsx";
import { rangeText } from "./range-text.ts";
import { useSwitchText } from "./switch-text.ts";
import { useSetPoint } from "./use-set-point.ts";

type FormProps = {
  readonly device: DeviceDetail;
  readonly setPoints: readonly SetPointRules[];
  readonly zone: string;
};

/** How long a value holds before the one from before comes back: minutes; 0 is for good. */
const reverts = [15, 60, 240, 1_440, 0] as const;

/** Chooses a set-point and its value, shows what would be written, and has it confirmed. */
export function SetPointForm({ device, setPoints, zone }: FormProps) {
  const { t } = useTranslation();
  const label = usePointLabel();
  const format = useFormat();
  const write = useWriteBase();
  const switchText = useSwitchText(device);
  const [point, setPoint] = useState(setPoints.find((one) => one.permitted)?.point);
  const [value, setValue] = useState("");
  const [minutes, setMinutes] = useState("15");
  const [missing, setMissing] = useState(false);
  const { prepare, proposal, leave, confirm, command, isBusy, error } = useSetPoint(device.id);
  const rules = setPoints.find((one) => one.point === point) ?? setPoints[0];
  if (!rules) return null;
  const switched = switchText(rules);
  const number = Number(value.trim().replace(",", "."));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const isNumber = value.trim() !== "" && Number.isFinite(number);
    setMissing(!isNumber);
    if (!isNumber) return;
    const revertAfterMs = Number(minutes) * 60_000;
    prepare({
      ...{ point: rules.point, value: number },
      ...(revertAfterMs > 0 && { revertAfterMs }),
    });
  };

  return (
    <div className={styles.page}>
      <form className={styles.form} onSubmit={submit} noValidate>
        <NativeSelect
          label={t("setpoint:point")}
          value={rules.point}
          onChange={({ currentTarget }) => setPoint(currentTarget.value)}
          data={setPoints.map((one) => ({ value: one.point, label: label(one.point) }))}
          disabled={isBusy}
        />
        <p>
          {rules.current
            ? t("setpoint:current", {
                value: write(rules.current.value, rules.unit),
                time: format.dateTime(zone, rules.current.at),
              })
            : t("setpoint:currentUnknown")}
        </p>
        {!rules.permitted && <p className={styles.refused}>{t("setpoint:notPermitted")}</p>}
        {rules.flash && <p className={styles.quiet}>{t("setpoint:flash")}</p>}
        {switched && (
          <p className={styles.quiet}>{t("setpoint:switchesPoint", { point: switched })}</p>
        )}
        <TextInput
          label={t("setpoint:value", { unit: rules.unit === "percent" ? "%" : rules.unit })}
          description={rangeText(rules, (key, values) => t(key, values))}
          inputMode="decimal"
          value={value}
          onChange={({ currentTarget }) => setValue(currentTarget.value)}
          error={missing && t("setpoint:valueMissing")}
        />
        <NativeSelect
          label={t("setpoint:revert")}
          value={minutes}
          onChange={({ currentTarget }) => setMinutes(currentTarget.value)}
          data={reverts.map((one) => ({ value: String(one), label: t(`setpoint:revert.m${one}`) }))}
        />
        <Button type="submit" className={styles.primary} disabled={isBusy || !rules.permitted}>
          {t("setpoint:prepare")}
        </Button>
      </form>
      <ProblemText error={error} />
      {proposal && (
        <Proposal
          device={device}
          proposal={proposal}
          onLeave={leave}
          onConfirm={() => confirm(proposal.token)}
        />
      )}
      <Outcome command={command} />
      <p role="status">
        {isBusy && command && t("setpoint:waiting")}
        {command?.state === "done" && t("setpoint:done")}
      </p>
    </div>
  );
}
