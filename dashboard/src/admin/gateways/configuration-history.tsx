import type { ConfigurationVersion, GatewayDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import styles from "../../kit/form.module.css";
import { InEnglish } from "../../kit/in-english.tsx";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { ProblemText } from "../../orders/problem.tsx";
import { versionsQuery } from "../queries.ts";
import { usePush } from "../use-push.ts";
import { VersionChanges } from "./version-changes.tsx";

type HistoryProps = { readonly gateway: GatewayDetail; readonly zone: string };

/** The versions of a gateway's configuration: what each changed, and the way back. */
export function ConfigurationHistory({ gateway, zone }: HistoryProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const query = useQuery(versionsQuery(http, gateway.id));
  return (
    <Panel title={t("admin:history", { gateway: gateway.id })}>
      <Loaded query={query} lines={4}>
        {(data) => <Versions gateway={gateway} versions={data.versions} zone={zone} />}
      </Loaded>
    </Panel>
  );
}

type VersionsProps = HistoryProps & { readonly versions: readonly ConfigurationVersion[] };

function Versions({ gateway, versions, zone }: VersionsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { push, isBusy, error } = usePush(gateway.id);
  const [looked, setLooked] = useState<number>();
  const [asked, setAsked] = useState<number>();
  if (versions.length === 0) {
    return <EmptyState title={t("admin:history.none")} why={t("admin:history.noneWhy")} />;
  }
  const newest = versions[0]?.version ?? 0;
  const goBack = (version: number) => {
    const fresh = { sameAs: version, note: t("admin:history.backNote", { version }) };
    push({ fresh, after: newest });
    setAsked(undefined);
  };
  const noteOf = ({ note, again }: ConfigurationVersion) =>
    again === undefined ? note : t("admin:history.again", { version: again });
  const columns: DataColumn<ConfigurationVersion>[] = [
    { id: "version", head: t("admin:history.version"), cell: ({ version }) => version },
    { id: "at", head: t("admin:history.at"), cell: ({ at }) => format.dateTime(zone, at) },
    { id: "by", head: t("admin:history.by"), cell: ({ by }) => by.name },
    { id: "note", head: t("admin:history.note"), cell: noteOf },
    {
      id: "state",
      head: t("admin:device.state"),
      cell: ({ state, reasons = [] }) => (
        <>
          {t(`admin:version.${state}`)}
          {reasons.length > 0 && <InEnglish>{reasons.join("\n")}</InEnglish>}
        </>
      ),
    },
    {
      id: "actions",
      head: t("admin:history.actions"),
      cell: ({ version }) => (
        <span className={styles.row}>
          <Button onClick={() => setLooked(looked === version ? undefined : version)}>
            {t("admin:history.look", { version })}
          </Button>
          {version !== newest && (
            <Button onClick={() => setAsked(version)} disabled={isBusy}>
              {t("admin:history.back", { version })}
            </Button>
          )}
        </span>
      ),
    },
  ];
  return (
    <div className={styles.page}>
      <ProblemText error={error} />
      {asked !== undefined && (
        <div className={styles.refused} role="alert">
          <p>{t("admin:history.sure", { version: asked, gateway: gateway.id })}</p>
          <VersionChanges gateway={gateway.id} version={asked} since={newest} />
          <div className={styles.row}>
            <Button onClick={() => setAsked(undefined)}>{t("admin:back")}</Button>
            <Button className={styles.primary} onClick={() => goBack(asked)}>
              {t("admin:history.go", { version: asked })}
            </Button>
          </div>
        </div>
      )}
      <DataTable
        caption={t("admin:history", { gateway: gateway.id })}
        cards
        columns={columns}
        rows={versions}
        rowKey={({ version }) => String(version)}
      />
      {looked !== undefined && (
        <VersionChanges gateway={gateway.id} version={looked} since={looked - 1} />
      )}
    </div>
  );
}
