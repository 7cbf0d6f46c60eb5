import type { ProfileDetail, ProfileRegister } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { InEnglish } from "../../kit/in-english.tsx";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { usePointLabel } from "../../points/point-label.ts";
import styles from "../admin.module.css";
import { profileQuery } from "../queries.ts";
import { ProfileDifferences } from "./profile-differences.tsx";
import { ProfileTest } from "./profile-test.tsx";

type RegistersOf = { readonly profile: string; readonly against: string | undefined };

/** A profile's registers, what differs from another, and a test of it against a device. */
export function ProfileRegisters({ profile, against }: RegistersOf) {
  const { http } = useParts();
  const query = useQuery(profileQuery(http, profile));
  return (
    <Loaded query={query} lines={8}>
      {(data) => <Registers profile={data} against={against} />}
    </Loaded>
  );
}

type RegistersProps = { readonly profile: ProfileDetail; readonly against: string | undefined };

function Registers({ profile, against }: RegistersProps) {
  const { t } = useTranslation();
  const label = usePointLabel();
  const { id, version, note, registers } = profile;
  const title = t("admin:profile.registers", { profile: id, version });
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
      <Panel title={t("admin:profile.test", { profile: id })}>
        <ProfileTest profile={id} />
      </Panel>
      <Panel title={t("admin:profile.compare", { profile: id, version })}>
        <ProfileDifferences profile={profile} against={against} />
      </Panel>
      <Panel title={title}>
        {note && <InEnglish>{note}</InEnglish>}
        <DataTable
          caption={title}
          cards
          columns={columns}
          rows={registers}
          rowKey={({ name, source }) => `${name} ${source}`}
        />
      </Panel>
    </>
  );
}
