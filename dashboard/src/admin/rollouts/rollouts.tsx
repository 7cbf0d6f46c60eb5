import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { useScope, zoneOf } from "../../app/shell/scope.ts";
import { Button } from "../../kit/button.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import styles from "../../kit/form.module.css";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useChanges } from "../../orders/use-changes.ts";
import { AdminTabs } from "../admin-tabs.tsx";
import { gatewaysQuery, rolloutsQuery } from "../queries.ts";
import { NewRolloutForm } from "./new-rollout-form.tsx";
import { RolloutPanel } from "./rollout-panel.tsx";

/** Changes that reach the gateways ring by ring, and how far each is. */
export function AdminRollouts() {
  const { t } = useTranslation();
  const { http } = useParts();
  useChanges();
  const gateways = useQuery(gatewaysQuery(http));
  const rollouts = useQuery(rolloutsQuery(http));
  const { zone } = zoneOf(useScope());
  const [isNew, setIsNew] = useState(false);
  useEffect(() => {
    document.title = `${t("admin:rollouts")} · Sunledger`;
  }, [t]);

  return (
    <div className={styles.page}>
      <AdminTabs />
      <header className={styles.heading}>
        <h1>{t("admin:rollouts")}</h1>
        {!isNew && (
          <Button className={styles.primary} onClick={() => setIsNew(true)}>
            {t("rollout:new")}
          </Button>
        )}
      </header>
      {isNew && (
        <Panel title={t("rollout:new")}>
          <Loaded query={gateways} lines={6}>
            {(data) => (
              // What imports what was recorded takes no configuration.
              <NewRolloutForm
                gateways={data.filter(({ imports }) => !imports)}
                onClose={() => setIsNew(false)}
              />
            )}
          </Loaded>
        </Panel>
      )}
      <Loaded query={rollouts} lines={6}>
        {(data) =>
          data.length === 0 && !isNew ? (
            <EmptyState title={t("rollout:none")} why={t("rollout:noneWhy")} />
          ) : (
            data.map((rollout) => <RolloutPanel key={rollout.id} rollout={rollout} zone={zone} />)
          )
        }
      </Loaded>
    </div>
  );
}
