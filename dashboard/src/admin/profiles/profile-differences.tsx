import { NativeSelect } from "@mantine/core";
import type { ProfileDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import form from "../../kit/form.module.css";
import { Loaded } from "../../kit/loaded.tsx";
import { usePointLabel } from "../../points/point-label.ts";
import styles from "../admin.module.css";
import { profileQuery, profilesQuery } from "../queries.ts";
import { type ComparedPart, type Difference, differencesOf } from "./differences.ts";

type DifferencesProps = {
  readonly profile: ProfileDetail;
  /** The id of the profile that it is compared with, as the address says it. */
  readonly against: string | undefined;
};

/** By what a profile differs from another one, such as your new version of it from the one that runs. */
export function ProfileDifferences({ profile, against }: DifferencesProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const navigate = useNavigate();
  const { data: all = [] } = useQuery(profilesQuery(http));
  const others = all.filter(({ id, kind }) => id !== profile.id && kind === profile.kind);
  const isListed = against === undefined || others.some(({ id }) => id === against);
  const shown = isListed ? others : all.filter(({ id }) => id !== profile.id);
  const choose = (id: string) =>
    void navigate({
      to: "/admin/profiles",
      search: { profile: profile.id, ...(id !== "" && { against: id }) },
      resetScroll: false,
    });
  return (
    <div className={form.page}>
      <div className={form.form}>
        <NativeSelect
          className={form.wide ?? ""}
          label={t("admin:profile.against")}
          description={t("admin:profile.againstHelp")}
          value={against ?? ""}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
          data={[
            { value: "", label: t("admin:profile.againstNone") },
            ...shown.map(({ id, version }) => ({ value: id, label: `${id} · ${version}` })),
          ]}
        />
      </div>
      {against !== undefined && <Against key={against} profile={profile} against={against} />}
    </div>
  );
}

type AgainstProps = { readonly profile: ProfileDetail; readonly against: string };

function Against({ profile, against }: AgainstProps) {
  const { http } = useParts();
  const query = useQuery(profileQuery(http, against));
  return (
    <Loaded query={query} lines={4}>
      {(other) => <Rows profile={profile} other={other} />}
    </Loaded>
  );
}

type RowsProps = { readonly profile: ProfileDetail; readonly other: ProfileDetail };

function Rows({ profile, other }: RowsProps) {
  const { t } = useTranslation();
  const label = usePointLabel();
  const write = usePartText();
  const ids = { profile: profile.id, other: other.id };
  const rows = differencesOf(profile, other);
  if (rows.length === 0) return <p role="status">{t("admin:differences.none", ids)}</p>;
  const side = (register: Difference["own"], { parts, own, other: another }: Difference) => {
    if (!register) return "—";
    // Of a point that only one has its address says enough.
    const told = own && another ? parts : (["source"] as const);
    return told.map((part) => (
      <span key={part} className={styles.part}>
        {write(register, part)}
      </span>
    ));
  };
  const columns: DataColumn<Difference>[] = [
    { id: "point", head: t("admin:reading.point"), cell: ({ point }) => label(point) },
    {
      id: "name",
      head: t("admin:register.name"),
      cell: ({ point }) => <code className={styles.words}>{point}</code>,
    },
    {
      id: "what",
      head: t("admin:differences.what"),
      cell: ({ own, other: another, parts }) => {
        if (!another) return t("admin:differences.alone", { profile: profile.id });
        if (!own) return t("admin:differences.alone", { profile: other.id });
        return parts.map((part) => t(`admin:differences.${part}`)).join(", ");
      },
    },
    { id: "own", head: profile.id, cell: (row) => side(row.own, row) },
    { id: "other", head: other.id, cell: (row) => side(row.other, row) },
  ];
  return (
    <DataTable
      caption={t("admin:differences", ids)}
      cards
      columns={columns}
      rows={rows}
      rowKey={({ point, own, other: another }) => `${point} ${own?.source} ${another?.source}`}
    />
  );
}

/** What a register says of one part, in words. */
function usePartText() {
  const { t } = useTranslation();
  return (register: NonNullable<Difference["own"]>, part: ComparedPart): string => {
    switch (part) {
      case "poll":
        return t(`admin:poll.${register.poll}`);
      case "writable":
        return t(register.writable ? "admin:differences.isWritable" : "admin:differences.readOnly");
      default:
        return String(register[part] ?? "—") || "—";
    }
  };
}
