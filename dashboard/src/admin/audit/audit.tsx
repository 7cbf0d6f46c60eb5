import { NativeSelect } from "@mantine/core";
import { AuditAction, type AuditEntry } from "@sunledger/model";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { useScope, zoneOf } from "../../app/shell/scope.ts";
import { Button } from "../../kit/button.tsx";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import form from "../../kit/form.module.css";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { AdminTabs } from "../admin-tabs.tsx";
import styles from "./audit.module.css";
import { auditChanges } from "./audit-changes.ts";
import { auditQuery } from "./audit-query.ts";
import { Changes } from "./changes.tsx";

/** Who did what, when and from where, with what was before. */
export function AdminAudit() {
  const { t } = useTranslation();
  const { http } = useParts();
  const { zone } = zoneOf(useScope());
  const [action, setAction] = useState<AuditAction>();
  const query = useInfiniteQuery(auditQuery(http, action));
  useEffect(() => {
    document.title = `${t("admin:audit")} · Sunledger`;
  }, [t]);
  return (
    <div className={form.page}>
      <AdminTabs />
      <header className={form.heading}>
        <h1>{t("admin:audit")}</h1>
        <NativeSelect
          aria-label={t("audit:filter")}
          value={action ?? ""}
          onChange={({ target }) => setAction(AuditAction.safeParse(target.value).data)}
          data={[
            { value: "", label: t("audit:filter.all") },
            ...AuditAction.options.map((one) => ({ value: one, label: t(`audit:action.${one}`) })),
          ]}
        />
      </header>
      <Panel title={t("audit:entries")}>
        <Loaded query={query} lines={8}>
          {({ pages }) => <Entries entries={pages.flatMap(({ entries }) => entries)} zone={zone} />}
        </Loaded>
        {query.hasNextPage && (
          <Button onClick={() => void query.fetchNextPage()} disabled={query.isFetchingNextPage}>
            {t("audit:older")}
          </Button>
        )}
      </Panel>
    </div>
  );
}

type EntriesProps = { readonly entries: readonly AuditEntry[]; readonly zone: string };

function Entries({ entries, zone }: EntriesProps) {
  const { t } = useTranslation();
  const format = useFormat();
  if (entries.length === 0) {
    return <EmptyState title={t("audit:none")} why={t("audit:noneWhy")} />;
  }
  const columns: DataColumn<AuditEntry>[] = [
    { id: "at", head: t("audit:at"), cell: ({ at }) => format.dateTime(zone, at) },
    {
      id: "by",
      head: t("audit:by"),
      cell: ({ by, address }) => (
        <>
          {by.name} {address !== undefined && <span className={styles.quiet}>{address}</span>}
        </>
      ),
    },
    { id: "action", head: t("audit:action"), cell: ({ action }) => t(`audit:action.${action}`) },
    { id: "subject", head: t("audit:subject"), cell: ({ subject }) => <Subject of={subject} /> },
    {
      id: "changes",
      head: t("audit:changes"),
      cell: ({ before, after }) => <Changes changes={auditChanges(before, after)} />,
    },
  ];
  return (
    <DataTable
      caption={t("audit:entries")}
      cards
      columns={columns}
      rows={entries}
      rowKey={({ number }) => String(number)}
    />
  );
}

function Subject({ of: { kind, id, name } }: { readonly of: AuditEntry["subject"] }) {
  const { t } = useTranslation();
  if (kind === "device") {
    return (
      <Link to="/devices/$device" params={{ device: id }}>
        {name ?? id}
      </Link>
    );
  }
  if (kind === "gateway") {
    return (
      <Link to="/admin/gateways" search={{ gateway: id }}>
        {id}
      </Link>
    );
  }
  return <Link to="/admin/rollouts">{name ?? t("audit:rollout")}</Link>;
}
