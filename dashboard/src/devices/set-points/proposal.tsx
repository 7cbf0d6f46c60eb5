import type { DeviceDetail, SetPointProposal } from "@sunledger/model";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { useDuration } from "../../kit/use-format.ts";
import { usePointLabel } from "../../points/point-label.ts";
import { useWriteBase } from "../../points/write-value.ts";
import { useSwitchText } from "./switch-text.ts";

type ProposalProps = {
  readonly device: DeviceDetail;
  readonly proposal: SetPointProposal;
  readonly onLeave: () => void;
  readonly onConfirm: () => void;
};

/** What would be written, for somebody to say yes to. */
export function Proposal({ device, proposal, onLeave, onConfirm }: ProposalProps) {
  const { t } = useTranslation();
  const label = usePointLabel();
  const write = useWriteBase();
  const duration = useDuration();
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.focus(), []);
  const { wish, rules } = proposal;
  const switched = useSwitchText(device)(rules);
  return (
    <div
      ref={frame}
      className={styles.refused}
      role="alertdialog"
      tabIndex={-1}
      aria-label={t("setpoint:sure")}
    >
      <p>{t("setpoint:sure")}</p>
      <dl className={styles.facts}>
        <dt>{t("setpoint:device")}</dt>
        <dd>{device.tag}</dd>
        <dt>{t("setpoint:point")}</dt>
        <dd>{label(wish.point)}</dd>
        <dt>{t("setpoint:before")}</dt>
        <dd>{rules.current ? write(rules.current.value, rules.unit) : "—"}</dd>
        <dt>{t("setpoint:after")}</dt>
        <dd>{write(wish.value, rules.unit)}</dd>
        {switched && (
          <>
            <dt>{t("setpoint:switches")}</dt>
            <dd>{switched}</dd>
          </>
        )}
        <dt>{t("setpoint:revert")}</dt>
        <dd>
          {wish.revertAfterMs === undefined
            ? t("setpoint:revert.m0")
            : duration(wish.revertAfterMs)}
        </dd>
      </dl>
      <div className={styles.row}>
        <Button onClick={onLeave}>{t("setpoint:leave")}</Button>
        <Button className={styles.primary} onClick={onConfirm}>
          {t("setpoint:confirm")}
        </Button>
      </div>
    </div>
  );
}
