import type { ProfileSummary } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import form from "../../kit/form.module.css";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { useChanges } from "../../orders/use-changes.ts";
import styles from "../admin.module.css";
import { AdminTabs } from "../admin-tabs.tsx";
import { profilesQuery } from "../queries.ts";
import { ProfileRegisters } from "./profile-registers.tsx";

/** The device profiles: what they read, and a test of one against a device. */
export function AdminProfiles() {
  const { t } = useTranslation();
  const { http } = useParts();
  useChanges();
  const { profile, against } = useSearch({ from: "/shell/admin/profiles" });
  const query = useQuery(profilesQuery(http));
  useEffect(() => {
    document.title = `${t("admin:profiles")} · Sunledger`;
  }, [t]);
  return (
    <div className={form.page}>
      <AdminTabs />
      <h1>{t("admin:profiles")}</h1>
      {profile !== undefined && (
        <ProfileRegisters key={profile} profile={profile} against={against} />
      )}
      <Panel title={t("admin:profiles.all")}>
        <Loaded query={query} lines={8}>
          {(data) => <Rows rows={data} />}
        </Loaded>
      </Panel>
    </div>
  );
}

function Rows({ rows }: { readonly rows: readonly ProfileSummary[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const open = (id: string) => void navigate({ to: "/admin/profiles", search: { profile: id } });
  if (rows.length === 0) {
    return <EmptyState title={t("admin:profiles.none")} why={t("admin:profiles.noneWhy")} />;
  }
  const columns: DataColumn<ProfileSummary>[] = [
    {
      id: "id",
      head: t("admin:profile"),
      cell: ({ id }) => <Button onClick={() => open(id)}>{id}</Button>,
    },
    {
      id: "family",
      head: t("admin:profile.family"),
      // Families name many models: in one line they would push the other columns off the screen.
      cell: ({ vendor, family }) => <span className={styles.wraps}>{`${vendor} ${family}`}</span>,
    },
    { id: "kind", head: t("admin:profile.kind"), cell: ({ kind }) => t(`kit:kind.${kind}`) },
    {
      id: "verification",
      head: t("admin:profile.verification"),
      cell: ({ verification }) => t(`admin:verification.${camel(verification)}`),
    },
    {
      id: "points",
      head: t("admin:profile.points"),
      align: "end",
      cell: ({ points }) => format.count(points),
    },
    {
      id: "setPoints",
      head: t("admin:profile.setPoints"),
      align: "end",
      cell: ({ setPoints }) => format.count(setPoints),
    },
    {
      id: "version",
      head: t("admin:profile.version"),
      cell: ({ version }) => <code className={styles.words}>{version}</code>,
    },
  ];
  return (
    <DataTable
      caption={t("admin:profiles.all")}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      onOpen={({ id }) => open(id)}
    />
  );
}

/** Keys of texts have no hyphens. */
function camel(text: string): string {
  return text.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
