import type { ImportedDevice } from "@sunledger/model";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLocalText } from "../../app/shell/scope.ts";
import { Button } from "../../kit/button.tsx";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import styles from "../../kit/form.module.css";
import { Panel } from "../../kit/panel.tsx";
import { Skeleton } from "../../kit/skeleton.tsx";
import { Outcome } from "../../orders/outcome.tsx";
import { ProblemText } from "../../orders/problem.tsx";
import { withDevices } from "../document.ts";
import { PushOutcome } from "../push-outcome.tsx";
import { usePresent } from "../use-present.ts";
import { usePush } from "../use-push.ts";
import { besidePolled } from "./beside-polled.ts";

type ToGatewayProps = {
  readonly gateway: string;
  readonly devices: readonly ImportedDevice[];
};

/** The rows of one gateway: all of them become one version of what it polls. */
export function ToGateway({ gateway, devices }: ToGatewayProps) {
  const { t } = useTranslation();
  const present = usePresent(gateway);
  const { document, after } = present;
  const { push, ...pushed } = usePush(gateway);
  const { version, isBusy } = pushed;
  const { fresh, known } = besidePolled(document, devices);
  const isDone = version?.state === "applied";

  const add = () => {
    if (!document || after === undefined) return;
    const polled = fresh.map(({ url, profile, register: { tag } }) => ({ tag, url, profile }));
    push({
      fresh: {
        document: { ...withDevices(document, polled) },
        note: t("imports:note", { count: fresh.length }),
        register: fresh.map(({ register }) => register),
      },
      after: version?.version ?? after,
    });
  };

  return (
    <Panel title={t("imports:of", { gateway })}>
      <div className={styles.page}>
        <Rows gateway={gateway} devices={devices} />
        {known.length > 0 && !isDone && (
          <div className={styles.refused} role="alert">
            <p>{t("imports:known", { count: known.length })}</p>
            <ul>
              {known.map(({ device: { line }, tag }) => (
                <li key={line}>{t("imports:knownAs", { line, tag })}</li>
              ))}
            </ul>
          </div>
        )}
        <ProblemText error={present.error} />
        <Outcome command={present.command} />
        {present.isBusy && <Skeleton label={t("imports:asking", { gateway })} lines={1} />}
        <PushOutcome {...pushed} />
        <div className={styles.row}>
          {isDone ? (
            <>
              <p role="status">{t("imports:done", { count: fresh.length, gateway })}</p>
              <Link to="/admin/devices">{t("admin:live.list")}</Link>
            </>
          ) : (
            <Button
              className={styles.primary}
              onClick={add}
              disabled={!document || after === undefined || isBusy || fresh.length === 0}
            >
              {t("imports:add", { count: fresh.length, gateway })}
            </Button>
          )}
          {!document && !present.isBusy && (
            <Button onClick={present.askAgain}>{t("imports:askAgain")}</Button>
          )}
        </div>
      </div>
    </Panel>
  );
}

function Rows({ gateway, devices }: ToGatewayProps) {
  const { t } = useTranslation();
  const text = useLocalText();
  const columns: DataColumn<ImportedDevice>[] = [
    { id: "line", head: t("imports:line"), cell: ({ line }) => line },
    { id: "tag", head: t("imports:column.tag"), cell: ({ register }) => register.tag },
    { id: "name", head: t("imports:column.name"), cell: ({ register }) => text(register.name) },
    {
      id: "kind",
      head: t("imports:column.kind"),
      cell: ({ register }) => t(`kit:kind.${register.kind}`),
    },
    { id: "profile", head: t("imports:column.profile"), cell: ({ profile }) => profile },
    { id: "url", head: t("imports:column.url"), cell: ({ url }) => <code>{url}</code> },
  ];
  return (
    <DataTable
      caption={t("imports:of", { gateway })}
      cards
      columns={columns}
      rows={devices}
      rowKey={({ line }) => String(line)}
    />
  );
}
