import {
  type DeviceDetail,
  OrderedCommand as Ordered,
  type OrderedCommand,
} from "@sunledger/model";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParts } from "../../app/parts.ts";
import { Button } from "../../kit/button.tsx";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { EmptyState } from "../../kit/empty-state.tsx";
import { Loaded } from "../../kit/loaded.tsx";
import { Panel } from "../../kit/panel.tsx";
import { useDuration, useFormat } from "../../kit/use-format.ts";
import { useMoment } from "../../live/use-moment.ts";
import { ProblemText } from "../../orders/problem.tsx";
import { commandQuery, deviceCommandsQuery } from "../../orders/queries.ts";
import { usePointLabel } from "../../points/point-label.ts";
import { useWriteBase } from "../../points/write-value.ts";
import { revertOf } from "./written.ts";

type HistoryProps = { readonly device: DeviceDetail; readonly zone: string };

/** Who ordered what of a device, what came of it, and when it is taken back. */
export function OrderHistory({ device, zone }: HistoryProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const query = useQuery(deviceCommandsQuery(http, device.id));
  return (
    <Panel title={t("setpoint:history")}>
      <Loaded query={query} lines={4}>
        {(data) => <Rows device={device} commands={data.commands} zone={zone} />}
      </Loaded>
    </Panel>
  );
}

type RowsProps = HistoryProps & { readonly commands: readonly OrderedCommand[] };

function Rows({ device, commands, zone }: RowsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = usePointLabel();
  const write = useWriteBase();
  const { http } = useParts();
  const release = useMutation({
    mutationFn: (point: string) =>
      http.send(
        "POST",
        `/gateways/${device.gateway}/commands`,
        { what: { kind: "release", device: device.tag, point } },
        Ordered,
      ),
  });
  const orders = commands.filter(({ what }) => what.kind === "set" || what.kind === "release");
  if (orders.length === 0) {
    return <EmptyState title={t("setpoint:history.none")} why={t("setpoint:history.noneWhy")} />;
  }
  const unitOf = (point: string) => device.points.find(({ name }) => name === point)?.unit ?? "";
  const columns: DataColumn<OrderedCommand>[] = [
    { id: "at", head: t("setpoint:history.at"), cell: ({ at }) => format.dateTime(zone, at) },
    { id: "by", head: t("setpoint:history.by"), cell: ({ orderedBy }) => orderedBy.name },
    {
      id: "what",
      head: t("setpoint:history.what"),
      cell: ({ what }) =>
        what.kind === "set"
          ? `${label(what.point)}: ${write(what.value, unitOf(what.point))}`
          : what.kind === "release" && t("setpoint:history.released", { point: label(what.point) }),
    },
    {
      id: "state",
      head: t("setpoint:history.state"),
      cell: ({ state }) => t(`setpoint:state.${state}`),
    },
    {
      id: "revert",
      head: t("setpoint:history.revert"),
      cell: (command) => (
        <Revert
          command={command}
          orders={orders}
          onRelease={(point) => release.mutate(point)}
          zone={zone}
        />
      ),
    },
  ];
  return (
    <>
      <ProblemText error={release.error} />
      <DataTable
        caption={t("setpoint:history")}
        columns={columns}
        rows={orders}
        rowKey={({ id }) => id}
      />
    </>
  );
}

type RevertProps = {
  readonly command: OrderedCommand;
  readonly orders: readonly OrderedCommand[];
  readonly onRelease: (point: string) => void;
  readonly zone: string;
};

/** How long until the value from before comes back; counts down while it is looked at. */
function Revert({ command, orders, onRelease, zone }: RevertProps) {
  const { t } = useTranslation();
  const { http } = useParts();
  const format = useFormat();
  const duration = useDuration();
  const { now } = useMoment();
  const { what, outcome } = command;
  const isWritten = what.kind === "set" && outcome?.state === "done";
  const { data } = useQuery({ ...commandQuery(http, command.id), enabled: isWritten });
  const { at, ended } = revertOf(command, data?.answers ?? [], orders);
  if (!isWritten) return null;
  if (ended !== undefined && ended !== "waiting") return t(`setpoint:reverted.${ended}`);
  if (at === undefined) return t("setpoint:revert.m0");
  return (
    <>
      {at > now
        ? t("setpoint:revert.in", { duration: duration(at - now), time: format.dateTime(zone, at) })
        : t("setpoint:reverted.waiting")}{" "}
      <Button onClick={() => onRelease(what.point)}>{t("setpoint:release")}</Button>
    </>
  );
}
