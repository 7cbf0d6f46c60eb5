import type { PlantSummary } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { EmptyState } from "../../kit/empty-state.tsx";
import { Loaded } from "../../kit/loaded.tsx";
import { Fence, Panel } from "../../kit/panel.tsx";
import { useLive, useRooms } from "../../live/use-live.ts";
import { useMoment } from "../../live/use-moment.ts";
import { plantsQuery } from "../queries.ts";
import { useReadOnTime } from "../use-read-on-time.ts";
import styles from "./overview.module.css";
import { OverviewFigures } from "./overview-figures.tsx";
import { plantRow, worstFirst } from "./plant-row.ts";
import { PlantTable } from "./plant-table.tsx";

/** So many plants are followed live; the rest is read anew each half minute. */
const followed = 40;
/** So many plants at most have their day drawn below the table: more of them need its room. */
const drawn = 4;

/** Charts come along behind what is seen first. */
const DayCurves = lazy(async () => ({ default: (await import("./day-curves.tsx")).DayCurves }));

/** Which plant needs me. */
export function Overview() {
  const { t } = useTranslation();
  const { http } = useParts();
  const query = useQuery(plantsQuery(http));
  useReadOnTime(query, query.data?.[0]?.serverTime);
  useEffect(() => {
    document.title = `${t("app:rail.overview")} · Sunledger`;
  }, [t]);

  return (
    <Loaded query={query} lines={8}>
      {(plants) =>
        plants.length > 0 ? (
          <Portfolio plants={plants} />
        ) : (
          <EmptyState title={t("overview:empty.title")} why={t("overview:empty.why")} />
        )
      }
    </Loaded>
  );
}

function Portfolio({ plants }: { readonly plants: readonly PlantSummary[] }) {
  const { t } = useTranslation();
  const live = useLive();
  const navigate = useNavigate();
  useRooms(plants.slice(0, followed).map(({ id }) => `plant:${id}`));
  const moment = useMoment();
  const inOrder = plants.map((plant) => plantRow(plant, live.room(`plant:${plant.id}`), moment));
  const rows = worstFirst(inOrder);
  return (
    <div className={styles.page}>
      <h1 className="visually-hidden">{t("overview:title")}</h1>
      <OverviewFigures rows={rows} />
      <Panel title={t("overview:plants")} className={styles.list}>
        <PlantTable
          rows={rows}
          now={moment.now}
          onOpen={(plant) => void navigate({ to: "/plants/$plant", params: { plant } })}
        />
      </Panel>
      {plants.length <= drawn && (
        <Fence>
          <Suspense>
            <DayCurves rows={inOrder} />
          </Suspense>
        </Fence>
      )}
    </div>
  );
}
