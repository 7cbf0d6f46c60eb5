import { Rollout, type RolloutStep } from "@sunledger/model";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import styles from "../../kit/form.module.css";
import { missing } from "../../kit/format.ts";
import { InEnglish } from "../../kit/in-english.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { ProblemText } from "../../orders/problem.tsx";
import { mayDo, nextRingAt, wordOf } from "./rings.ts";
import own from "./rollouts.module.css";
import { useChangeWords } from "./use-change-words.ts";

type RolloutPanelProps = { readonly rollout: Rollout; readonly zone: string };

/** One roll-out: what it changes, whose turn it is, and what each gateway has made of it. */
export function RolloutPanel({ rollout, zone }: RolloutPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useChangeWords();
  const { at, by, note, state, ring, steps, acts } = rollout;
  const rings = Math.max(...steps.map((step) => step.ring)) + 1;
  const since = acts.filter(({ what }) => what !== "begin");
  const next = nextRingAt(rollout);
  const title = words(rollout.change);
  return (
    <Panel title={title}>
      <div className={styles.page}>
        <p role="status" className={styles.row}>
          <strong>{t(`rollout:state.${state}`)}</strong>
          {(state === "running" || state === "stopped" || state === "failed") && (
            <span>{t("rollout:ringOf", { ring: ring + 1, rings })}</span>
          )}
          {next !== undefined && (
            <span>{t("rollout:next", { at: format.dateTime(zone, next) })}</span>
          )}
        </p>
        <p className={`${styles.quiet} ${styles.row}`}>
          <span>{t("rollout:begun", { at: format.dateTime(zone, at), name: by.name })}</span>
          {note !== title && <span>{note}</span>}
        </p>
        {since.length > 0 && (
          <ol
            className={`${styles.quiet} ${styles.row} ${own.acts}`}
            aria-label={t("rollout:acts")}
          >
            {since.map(({ what, at, by: { name } }) => (
              <li key={`${what} ${at}`}>
                {t(`rollout:act.${what}`, { at: format.dateTime(zone, at), name })}
              </li>
            ))}
          </ol>
        )}
        <Steps rollout={rollout} zone={zone} />
        <Actions rollout={rollout} />
      </div>
    </Panel>
  );
}

function Steps({ rollout, zone }: RolloutPanelProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns: DataColumn<RolloutStep>[] = [
    { id: "ring", head: t("rollout:ring"), cell: ({ ring }) => ring + 1 },
    {
      id: "gateway",
      head: t("admin:gateway"),
      cell: ({ gateway }) => (
        <Link to="/admin/gateways" search={{ gateway }}>
          {gateway}
        </Link>
      ),
    },
    {
      id: "state",
      head: t("admin:device.state"),
      cell: ({ reasons = [], ...step }) => (
        <>
          {t(`rollout:step.${wordOf(step, rollout)}`)}
          {reasons.length > 0 && <InEnglish>{reasons.join("\n")}</InEnglish>}
        </>
      ),
    },
    { id: "version", head: t("admin:history.version"), cell: ({ version = missing }) => version },
    { id: "since", head: t("rollout:since"), cell: ({ since }) => format.dateTime(zone, since) },
  ];
  return (
    <DataTable
      caption={t("rollout:steps")}
      cards
      columns={columns}
      rows={rollout.steps}
      rowKey={({ gateway }) => gateway}
    />
  );
}

function Actions({ rollout }: { readonly rollout: Rollout }) {
  const { t } = useTranslation();
  const { http } = useParts();
  const client = useQueryClient();
  const words = useChangeWords();
  const [asked, setAsked] = useState(false);
  const takeBackNote = t("rollout:takeBack.note", { change: words(rollout.change) });
  const { mutate, isPending, error } = useMutation({
    mutationFn: (what: "stop" | "resume" | "take-back") => {
      const body = what === "take-back" ? { note: takeBackNote } : {};
      return http.send("POST", `/rollouts/${rollout.id}/${what}`, body, Rollout);
    },
    onMutate: () => setAsked(false),
    onSettled: () => client.invalidateQueries({ queryKey: ["gateways"] }),
  });
  const may = mayDo(rollout);
  if (!may.stop && !may.resume && !may.takeBack) return <ProblemText error={error} />;
  return (
    <>
      <ProblemText error={error} />
      {asked && (
        <div className={styles.refused} role="alert">
          <p>{t("rollout:takeBack.sure")}</p>
          <div className={styles.row}>
            <Button onClick={() => setAsked(false)}>{t("admin:back")}</Button>
            <Button className={styles.primary} onClick={() => mutate("take-back")}>
              {t("rollout:takeBack.go")}
            </Button>
          </div>
        </div>
      )}
      <div className={styles.row}>
        {may.stop && (
          <Button onClick={() => mutate("stop")} disabled={isPending}>
            {t("rollout:stop")}
          </Button>
        )}
        {may.resume && (
          <Button onClick={() => mutate("resume")} disabled={isPending}>
            {t("rollout:resume")}
          </Button>
        )}
        {may.takeBack && !asked && (
          <Button onClick={() => setAsked(true)} disabled={isPending}>
            {t("rollout:takeBack")}
          </Button>
        )}
      </div>
    </>
  );
}
