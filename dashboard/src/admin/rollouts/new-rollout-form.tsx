import { NativeSelect, TextInput } from "@mantine/core";
import { type GatewayDetail, type NewRollout, Rollout, type RolloutChange } from "@sunledger/model";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button, Segmented } from "../../kit/button.tsx";
import styles from "../../kit/form.module.css";
import { ProblemText } from "../../orders/problem.tsx";
import { profilesQuery } from "../queries.ts";
import { RingTable } from "./ring-table.tsx";
import { msOfSeconds, proposedRings, ringsOf } from "./rings.ts";
import own from "./rollouts.module.css";
import { useChangeWords } from "./use-change-words.ts";

type NewRolloutFormProps = {
  readonly gateways: readonly GatewayDetail[];
  readonly onClose: () => void;
};

type Typed = Readonly<Record<"fast" | "normal" | "slow", string>>;

const classes = ["fast", "normal", "slow"] as const;

/** Says what changes, in which order the gateways get it, and how long each ring is watched. */
export function NewRolloutForm({ gateways, onClose }: NewRolloutFormProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const client = useQueryClient();
  const words = useChangeWords();
  const { data: profiles = [] } = useQuery(profilesQuery(http));
  const [kind, setKind] = useState<RolloutChange["kind"]>("profile");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [typed, setTyped] = useState<Typed>({ fast: "1", normal: "10", slow: "60" });
  const [soak, setSoak] = useState("30");
  const [note, setNote] = useState("");
  const [chosen, setChosen] = useState(() => proposedRings(gateways));
  const [asked, setAsked] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (wanted: NewRollout) => http.send("POST", "/rollouts", wanted, Rollout),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["gateways"] });
      onClose();
    },
  });
  const rings = ringsOf(chosen);
  const soakMinutes = /^\d{1,5}$/.test(soak.trim()) ? Number(soak) : undefined;
  const change = changeOf(kind, { from, to, typed });
  const fault = (isFaulty: boolean, text: string) => asked && isFaulty && text;
  const choices = [
    { value: "", label: t("rollout:choose") },
    ...profiles.map(({ id, version }) => ({ value: id, label: `${id} · ${version}` })),
  ];

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!change || soakMinutes === undefined || rings.length === 0) return;
    mutate({ change, soakMinutes, rings, note: note.trim() || words(change).slice(0, 200) });
  };

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <p>{t("rollout:why")}</p>
      <Segmented
        label={t("rollout:what")}
        value={kind}
        choices={[
          { value: "profile", label: t("rollout:kind.profile") },
          { value: "poll", label: t("rollout:kind.poll") },
        ]}
        onChange={setKind}
      />
      {kind === "profile" ? (
        <>
          <NativeSelect
            className={styles.wide ?? ""}
            label={t("rollout:from")}
            value={from}
            onChange={({ currentTarget }) => setFrom(currentTarget.value)}
            data={choices}
            error={fault(from === "", t("rollout:fromMissing"))}
          />
          <NativeSelect
            className={styles.wide ?? ""}
            label={t("rollout:to")}
            value={to}
            onChange={({ currentTarget }) => setTo(currentTarget.value)}
            data={choices}
            error={fault(to === "" || to === from, t("rollout:toWrong"))}
          />
        </>
      ) : (
        <div className={styles.row}>
          {classes.map((one) => (
            <TextInput
              key={one}
              className={own.seconds ?? ""}
              label={t(`rollout:seconds.${one}`)}
              inputMode="decimal"
              value={typed[one]}
              onChange={({ currentTarget }) => setTyped({ ...typed, [one]: currentTarget.value })}
              error={fault(msOfSeconds(typed[one]) === undefined, t("rollout:secondsWrong"))}
            />
          ))}
        </div>
      )}
      <RingTable gateways={gateways} chosen={chosen} onChange={setChosen} />
      {asked && rings.length === 0 && <p role="alert">{t("rollout:ringsMissing")}</p>}
      <TextInput
        label={t("rollout:soak")}
        description={t("rollout:soakHelp")}
        inputMode="numeric"
        value={soak}
        onChange={({ currentTarget }) => setSoak(currentTarget.value)}
        error={fault(soakMinutes === undefined, t("rollout:soakWrong"))}
      />
      <TextInput
        className={styles.wide ?? ""}
        label={t("rollout:note")}
        maxLength={200}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <ProblemText error={error} />
      <div className={styles.row}>
        <Button onClick={onClose} disabled={isPending}>
          {t("admin:back")}
        </Button>
        <Button type="submit" className={styles.primary} disabled={isPending}>
          {t("rollout:begin", { count: rings[0]?.length ?? 0 })}
        </Button>
      </div>
    </form>
  );
}

type Wanted = { readonly from: string; readonly to: string; readonly typed: Typed };

function changeOf(kind: RolloutChange["kind"], wanted: Wanted): RolloutChange | undefined {
  const { from, to, typed } = wanted;
  if (kind === "profile") {
    return from === "" || to === "" || from === to ? undefined : { kind, from, to };
  }
  const [fastMs, normalMs, slowMs] = classes.map((one) => msOfSeconds(typed[one]));
  if (fastMs === undefined || normalMs === undefined || slowMs === undefined) return undefined;
  return { kind, poll: { fastMs, normalMs, slowMs } };
}
