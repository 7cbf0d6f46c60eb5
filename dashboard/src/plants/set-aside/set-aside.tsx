import type { PlantDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../app/http.ts";
import { NotFound } from "../../app/not-found.tsx";
import { useParts } from "../../app/parts.ts";
import { useLocalText } from "../../app/shell/scope.ts";
import { ErrorTile } from "../../kit/error-tile.tsx";
import { Skeleton } from "../../kit/skeleton.tsx";
import { plantQuery } from "../queries.ts";
import { ConflictsPanel } from "./conflicts-panel.tsx";
import { QuarantinePanel } from "./quarantine-panel.tsx";
import styles from "./set-aside.module.css";

/** What arrived for a plant and is not among its data, and why. */
export function SetAsideScreen() {
  const { t } = useTranslation();
  const { plant } = useParams({ from: "/shell/plants/$plant/set-aside" });
  const { http } = useParts();
  const { data, error, refetch } = useQuery(plantQuery(http, plant));
  if (data) return <SetAsidePage key={data.id} plant={data} />;
  if (error instanceof ApiProblem && (error.status === 404 || error.status === 400)) {
    return <NotFound what="plant" />;
  }
  if (error) return <ErrorTile error={error} retry={() => void refetch()} />;
  return <Skeleton label={t("kit:loading")} lines={10} />;
}

function SetAsidePage({ plant }: { readonly plant: PlantDetail }) {
  const { t } = useTranslation();
  const text = useLocalText();
  const title = t("aside:title", { plant: text(plant.name) });
  useEffect(() => {
    document.title = `${title} · Sunledger`;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.heading}>
        <h1>{title}</h1>
        <Link to="/plants/$plant" params={{ plant: plant.id }} activeOptions={{ exact: true }}>
          {t("aside:back")}
        </Link>
      </header>
      <QuarantinePanel plant={plant.id} zone={plant.timeZone} />
      <ConflictsPanel plant={plant.id} zone={plant.timeZone} />
    </div>
  );
}
