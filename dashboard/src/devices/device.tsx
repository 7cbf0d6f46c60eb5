import type { DeviceDetail } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useMayOpen } from "../app/access.ts";
import { NamedPlace } from "../app/named-place.tsx";
import { useParts } from "../app/parts.ts";
import { useLocalText, useScope, zoneOf } from "../app/shell/scope.ts";
import form from "../kit/form.module.css";
import { StateLabel } from "../kit/state-label.tsx";
import { deviceStates } from "../live/standing.ts";
import { useLive, useRooms } from "../live/use-live.ts";
import { useMoment } from "../live/use-moment.ts";
import { usePointLabel } from "../points/point-label.ts";
import styles from "./device.module.css";
import { DeviceHistoryPanel } from "./device-history.tsx";
import { Identity } from "./identity.tsx";
import { deviceQuery, latestQuery } from "./queries.ts";
import { registerRows } from "./register-row.ts";
import { RegisterTable } from "./register-table.tsx";
import { Replacements } from "./replacements.tsx";

/** One device: what it is and what each of its registers says. */
export function DeviceScreen() {
  const { device: id } = useParams({ from: "/shell/devices/$device" });
  const { http } = useParts();
  const query = useQuery(deviceQuery(http, id));
  return (
    <NamedPlace what="device" query={query}>
      {(device) => <DevicePage key={device.id} device={device} />}
    </NamedPlace>
  );
}

function DevicePage({ device }: { readonly device: DeviceDetail }) {
  const { t } = useTranslation();
  const { http } = useParts();
  const mayWrite = useMayOpen("setPoints");
  const mayTrace = useMayOpen("trace");
  const mayReplace = useMayOpen("administration");
  const live = useLive();
  const text = useLocalText();
  const label = usePointLabel();
  const { zone } = zoneOf(useScope());
  const { engineer = false } = useSearch({ from: "/shell/devices/$device" });
  const name = `device:${device.id}`;
  useRooms([name]);
  const moment = useMoment();
  const { data: latest } = useQuery(latestQuery(http, device.id));
  const room = live.room(name);
  const state = (room && deviceStates(room, moment).get(device.id)) ?? device.state;
  const rows = registerRows({ device, latest: latest?.values ?? [], room, moment, state, label });
  const reach = room?.reach.get(device.id);
  useEffect(() => {
    document.title = `${device.tag} · Sunledger`;
  }, [device.tag]);

  return (
    <div className={styles.page} data-engineer={engineer}>
      <header className={styles.heading}>
        <h1>
          {device.tag} <small>{text(device.name)}</small>
        </h1>
        <StateLabel state={state} />
        <span className={styles.facts}>{t(`kit:kind.${device.kind}`)}</span>
        {mayWrite && device.points.some(({ kind }) => kind === "setpoint") && (
          <Link
            to="/devices/$device/set-points"
            params={{ device: device.id }}
            className={form.way}
          >
            {t("app:setPoints")}
          </Link>
        )}
        {mayTrace && device.gateway !== undefined && (
          <Link to="/devices/$device/trace" params={{ device: device.id }} className={form.way}>
            {t("app:trace")}
          </Link>
        )}
        {mayReplace && device.gateway !== undefined && (
          <Link
            to="/admin/devices/$device/replace"
            params={{ device: device.id }}
            className={form.way}
          >
            {t("device:replace")}
          </Link>
        )}
      </header>
      <RegisterTable
        device={device}
        rows={rows}
        zone={zone}
        now={moment.now}
        className={styles.registers}
      />
      <DeviceHistoryPanel device={device} state={state} zone={zone} className={styles.history} />
      <div className={styles.identity}>
        <Identity device={device} reach={reach} zone={zone} />
        <Replacements device={device} rows={rows} zone={zone} />
      </div>
    </div>
  );
}
