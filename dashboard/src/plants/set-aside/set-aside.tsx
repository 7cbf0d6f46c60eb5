import type { PlantDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { NamedPlace } from "../../app/named-place.tsx";
import { useParts } from "../../app/parts.ts";
import { useLocalText } from "../../app/shell/scope.ts";
import { plantQuery } from "../queries.ts";
import { ConflictsPanel } from "./conflicts-panel.tsx";
import { QuarantinePanel } from "./quarantine-panel.tsx";
import styles from "./set-aside.module.css";

/** What arrived for a plant and is not among its data, and why. */
export function SetAsideScreen() {
  const { plant: id } = useParams({ from: "/shell/plants/$plant/set-aside" });
  const { http } = useParts();
  const query = useQuery(plantQuery(http, id));
  return (
    <NamedPlace what="plant" query={query}>
      {(plant) => <SetAsidePage key={plant.id} plant={plant} />}
    </NamedPlace>
  );
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
