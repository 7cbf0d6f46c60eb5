import type { PlantDetail, Freshness as State } from "@sunledger/model";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useLocalText } from "../../app/shell/scope.ts";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { Freshness } from "../../kit/freshness.tsx";
import { Panel } from "../../kit/panel.tsx";
import { StateLabel } from "../../kit/state-label.tsx";
import { Value } from "../../kit/value.tsx";
import type { RoomState } from "../../live/room.ts";
import type { Moment } from "../../live/standing.ts";
import { usePointLabel } from "../../points/point-label.ts";
import { useWriteValue } from "../../points/write-value.ts";
import styles from "../overview/overview.module.css";
import { type DeviceRow, deviceRow, meterDirection } from "./device-row.ts";

type DeviceListProps = {
  readonly plant: PlantDetail;
  readonly room: RoomState | undefined;
  readonly states: ReadonlyMap<string, State>;
  readonly moment: Moment;
  readonly className?: string | undefined;
};

/** Every device of the plant with its state and its most telling value. */
export function DeviceList({ plant, room, states, moment, className }: DeviceListProps) {
  const { t } = useTranslation();
  const text = useLocalText();
  const label = usePointLabel();
  const write = useWriteValue();
  const navigate = useNavigate();
  const rows = plant.devices.map((device) => deviceRow(device, room, states, moment));
  const columns: DataColumn<DeviceRow>[] = [
    {
      id: "tag",
      head: t("plant:devices.tag"),
      cell: ({ device }) => (
        <Link to="/devices/$device" params={{ device: device.id }} className={styles.name}>
          {device.tag}
        </Link>
      ),
    },
    { id: "name", head: t("plant:devices.name"), cell: ({ device }) => text(device.name) },
    {
      id: "kind",
      head: t("plant:devices.kind"),
      cell: ({ device }) => t(`kit:kind.${device.kind}`),
    },
    {
      id: "state",
      head: t("plant:devices.state"),
      cell: ({ state }) => <StateLabel state={state} />,
    },
    {
      id: "point",
      head: t("plant:devices.point"),
      cell: (row) => {
        if (!row.point) return "";
        const way = meterDirection(row);
        return way ? `${label(row.point)} · ${t(`plant:meter.${way}`)}` : label(row.point);
      },
    },
    {
      id: "value",
      head: t("plant:devices.value"),
      align: "end",
      cell: ({ headline }) =>
        headline && (
          <Value
            written={write(headline.value, headline.unit)}
            state={headline.state}
            flag={headline.flag}
          />
        ),
    },
    {
      id: "age",
      head: t("plant:devices.age"),
      align: "end",
      width: "110px",
      cell: ({ headline, state, device }) => (
        <Freshness
          state={headline?.state ?? state}
          at={headline?.at ?? device.newestAt}
          now={moment.now}
          zone={plant.timeZone}
        />
      ),
    },
  ];
  return (
    <Panel title={t("plant:devices")} className={className}>
      <DataTable
        caption={t("plant:devices")}
        cards
        columns={columns}
        rows={rows}
        rowKey={({ device }) => device.id}
        rowState={({ state }) => state}
        onOpen={({ device }) =>
          void navigate({ to: "/devices/$device", params: { device: device.id } })
        }
      />
    </Panel>
  );
}
