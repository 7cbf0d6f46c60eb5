import type { PlantDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { NamedPlace } from "../../app/named-place.tsx";
import { useParts } from "../../app/parts.ts";
import { useLocalText } from "../../app/shell/scope.ts";
import { joined } from "../../kit/format.ts";
import { PeriodPicker } from "../../kit/period-picker.tsx";
import { StateLabel } from "../../kit/state-label.tsx";
import { useBegunPeriod } from "../../kit/use-begun-period.ts";
import { useFormat } from "../../kit/use-format.ts";
import { deviceStates } from "../../live/standing.ts";
import { useLive, useRooms } from "../../live/use-live.ts";
import { useMoment } from "../../live/use-moment.ts";
import { plantQuery } from "../queries.ts";
import { useReadOnTime } from "../use-read-on-time.ts";
import { peersOf } from "./deviation.ts";
import { DeviceList } from "./device-list.tsx";
import { InverterGrid } from "./inverter-grid.tsx";
import { OneLine } from "./one-line.tsx";
import styles from "./plant.module.css";
import { PlantCurvePanel } from "./plant-curve.tsx";
import { PlantFigures } from "./plant-figures.tsx";
import { summaryRow } from "./summary-row.ts";

/** One plant: how it does, where its power goes, which of its devices differs. */
export function PlantScreen() {
  const { plant: id } = useParams({ from: "/shell/plants/$plant" });
  const { http } = useParts();
  const query = useQuery(plantQuery(http, id));
  useReadOnTime(query, query.data?.serverTime);
  return (
    <NamedPlace what="plant" query={query}>
      {(plant) => <PlantPage plant={plant} />}
    </NamedPlace>
  );
}

function PlantPage({ plant }: { readonly plant: PlantDetail }) {
  const live = useLive();
  const text = useLocalText();
  const name = text(plant.name);
  const room = `plant:${plant.id}`;
  useRooms([room]);
  const moment = useMoment();
  const state = live.room(room);
  const inverters = plant.devices.filter(({ kind }) => kind === "inverter");
  const states = state ? deviceStates(state, moment) : new Map();
  const peers = peersOf(inverters, state, states, moment);
  const row = summaryRow(plant, state, peers, moment);
  useEffect(() => {
    document.title = `${name} · Sunledger`;
  }, [name]);

  return (
    <div className={styles.page}>
      <Heading
        plant={plant}
        name={name}
        inverters={inverters.length}
        state={row.state}
        now={moment.now}
      />
      <PlantFigures plant={plant} row={row} />
      <PlantCurvePanel
        plant={plant}
        state={row.state}
        newestAt={row.newestAt}
        className={styles.curve}
      />
      <OneLine row={row} peers={peers} className={styles.oneLine} />
      <InverterGrid peers={peers} now={moment.now} zone={plant.timeZone} className={styles.grid} />
      <DeviceList
        plant={plant}
        room={state}
        states={states}
        moment={moment}
        className={styles.devices}
      />
    </div>
  );
}

type HeadingProps = {
  readonly plant: PlantDetail;
  readonly name: string;
  readonly inverters: number;
  readonly state: PlantDetail["state"];
  readonly now: number;
};

function Heading({ plant, name, inverters, state, now }: HeadingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { period = "today" } = useSearch({ from: "/shell/plants/$plant" });
  const navigate = useNavigate({ from: "/plants/$plant" });
  useBegunPeriod(period, plant.timeZone, () => void navigate({ search: {}, replace: true }));
  const dc = format.axis(plant.dcPowerW, "W");
  const facts = [
    // What was made for imported values says nothing of its size.
    ...(plant.dcPowerW > 0
      ? [t("plant:dcPower", { power: joined({ ...dc, unit: `${dc.unit}p` }) })]
      : []),
    t("plant:inverters", { count: inverters }),
    t("plant:place", {
      latitude: format.fixed(Math.abs(plant.latitude), 1),
      ns: plant.latitude < 0 ? "S" : "N",
      longitude: format.fixed(Math.abs(plant.longitude), 1),
      ew: plant.longitude < 0 ? "W" : "E",
    }),
    ...(plant.commissioned
      ? [t("plant:commissioned", { date: plant.commissioned.slice(0, 7) })]
      : []),
  ];
  return (
    <header className={styles.heading}>
      <h1>{name}</h1>
      <StateLabel state={state} />
      <span className={styles.facts}>{facts.join(" · ")}</span>
      <Link to="/plants/$plant/set-aside" params={{ plant: plant.id }}>
        {t("plant:setAside")}
      </Link>
      <PeriodPicker
        period={period}
        zone={plant.timeZone}
        now={now}
        onChange={(next) =>
          void navigate({ search: next === "today" ? {} : { period: next }, replace: true })
        }
      />
    </header>
  );
}
