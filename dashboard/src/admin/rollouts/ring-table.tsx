import { NativeSelect } from "@mantine/core";
import type { GatewayDetail } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { type DataColumn, DataTable } from "../../kit/data-table.tsx";
import { mostRings } from "./rings.ts";

type RingTableProps = {
  readonly gateways: readonly GatewayDetail[];
  readonly chosen: ReadonlyMap<string, number>;
  readonly onChange: (chosen: Map<string, number>) => void;
};

/** The ring of each gateway. */
export function RingTable({ gateways, chosen, onChange }: RingTableProps) {
  const { t } = useTranslation();
  const rings = Array.from({ length: mostRings }, (_, i) => i + 1);
  const choices = [
    { value: "0", label: t("rollout:noRing") },
    ...rings.map((ring) => ({ value: String(ring), label: t("rollout:ringNumber", { ring }) })),
  ];
  const columns: DataColumn<GatewayDetail>[] = [
    { id: "gateway", head: t("admin:gateway"), cell: ({ id }) => id },
    {
      id: "state",
      head: t("admin:device.state"),
      cell: ({ state }) => t(`admin:gateway.${state}`),
    },
    {
      id: "ring",
      head: t("rollout:ring"),
      cell: ({ id }) => (
        <NativeSelect
          aria-label={t("rollout:ringOfGateway", { gateway: id })}
          value={String(chosen.get(id) ?? 0)}
          data={choices}
          onChange={({ currentTarget }) =>
            onChange(new Map(chosen).set(id, Number(currentTarget.value)))
          }
        />
      ),
    },
  ];
  return (
    <DataTable
      caption={t("rollout:rings")}
      cards
      columns={columns}
      rows={gateways}
      rowKey={({ id }) => id}
    />
  );
}
