import type { ProfileRegister } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { usePointLabel } from "../../devices/point-label.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { ErrorTile } from "../../kit/error-tile.tsx";
import { Panel } from "../../kit/panel.tsx";
import { Skeleton } from "../../kit/skeleton.tsx";
import styles from "../admin.module.css";
import { profileQuery } from "../queries.ts";
import { ProfileTest } from "./profile-test.tsx";

/** A profile's registers, and a test of it against a device. */
export function ProfileRegisters({ profile }: { readonly profile: string }) {
  const { t } = useTranslation();
  const { http } = useParts();
  const label = usePointLabel();
  const { data, error, refetch } = useQuery(profileQuery(http, profile));
  if (error) return <ErrorTile error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton label={t("kit:loading")} lines={8} />;
  const columns: DataColumn<ProfileRegister>[] = [
    { id: "point", head: t("admin:reading.point"), cell: ({ name }) => label(name) },
    {
      id: "name",
      head: t("admin:register.name"),
      cell: ({ name }) => <code className={styles.words}>{name}</code>,
    },
    { id: "source", head: t("admin:reading.source"), cell: ({ source }) => source },
    { id: "type", head: t("admin:register.type"), cell: ({ type }) => type ?? "" },
    { id: "unit", head: t("admin:register.unit"), cell: ({ unit }) => unit },
    {
      id: "scale",
      head: t("admin:register.scale"),
      align: "end",
      cell: ({ scale }) => (scale === undefined ? "" : String(scale)),
    },
    { id: "poll", head: t("admin:register.poll"), cell: ({ poll }) => t(`admin:poll.${poll}`) },
    {
      id: "writable",
      head: t("admin:register.writable"),
      cell: ({ writable }) => (writable ? t("admin:register.yes") : ""),
    },
  ];
  return (
    <>
      <Panel title={t("admin:profile.test", { profile })}>
        <ProfileTest profile={profile} />
      </Panel>
      <Panel title={t("admin:profile.registers", { profile, version: data.version })}>
        <p className={styles.quiet}>{data.note}</p>
        <DataTable
          caption={t("admin:profile.registers", { profile, version: data.version })}
          columns={columns}
          rows={data.registers}
          rowKey={({ name, source }) => `${name} ${source}`}
        />
      </Panel>
    </>
  );
}
