import { ImportCheck } from "@sunledger/model";
import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import styles from "../../kit/form.module.css";
import { Panel } from "../../kit/panel.tsx";
import { Skeleton } from "../../kit/skeleton.tsx";
import { useFormat } from "../../kit/use-format.ts";
import { ProblemText } from "../../orders/problem.tsx";
import { useChanges } from "../../orders/use-changes.ts";
import { AdminTabs } from "../admin-tabs.tsx";
import { FaultTable } from "./fault-table.tsx";
import { ListChooser } from "./list-chooser.tsx";
import { asList } from "./list-file.ts";
import { ToGateway } from "./to-gateway.tsx";

/** Brings many devices at once: a list is looked through first, and nothing done before somebody says so. */
export function DeviceImport() {
  const { t } = useTranslation();
  const { http } = useParts();
  useChanges();
  const { mutate, data, error, isPending } = useMutation({
    mutationFn: (file: File) => http.sendFile("/device-imports/check", asList(file), ImportCheck),
  });
  useEffect(() => {
    document.title = `${t("admin:import")} · Sunledger`;
  }, [t]);

  return (
    <div className={styles.page}>
      <AdminTabs />
      <h1>{t("admin:import")}</h1>
      <Panel title={t("imports:file")}>
        <ListChooser onChoose={mutate} isBusy={isPending} />
        <ProblemText error={error} />
      </Panel>
      {isPending && <Skeleton label={t("imports:looking")} lines={6} />}
      {data && !isPending && <Checked check={data} />}
    </div>
  );
}

function Checked({ check: { rows, readAs, devices, faults } }: { readonly check: ImportCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const byGateway = [...Map.groupBy(devices, ({ gateway }) => gateway)];
  return (
    <>
      <p role="status">
        {t("imports:summary", {
          rows: format.count(rows),
          good: format.count(devices.length),
          bad: format.count(rows - devices.length),
        })}
      </p>
      {readAs && <p role="note">{t("imports:readAs")}</p>}
      {faults.length > 0 && (
        <Panel title={t("imports:faults")}>
          <div className={styles.page}>
            <p className={styles.quiet}>{t("imports:faultsWhy")}</p>
            <FaultTable faults={faults} />
          </div>
        </Panel>
      )}
      {devices.length === 0 && (
        <EmptyState
          title={t("imports:none")}
          why={t(rows === 0 ? "imports:noneWhy" : "imports:noneGood")}
        />
      )}
      {byGateway.map(([gateway, of]) => (
        <ToGateway key={gateway} gateway={gateway} devices={of} />
      ))}
    </>
  );
}
