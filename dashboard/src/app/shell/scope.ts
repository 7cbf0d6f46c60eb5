import type { DeviceDetail, LocalText, PlantSummary } from "@sunledger/model";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { deviceQuery } from "../../devices/queries.ts";
import { plantsQuery } from "../../plants/queries.ts";
import { useParts } from "../parts.ts";

/** What the address is about. */
export type Scope = {
  readonly plants: readonly PlantSummary[];
  readonly plant: PlantSummary | undefined;
  readonly device: DeviceDetail | undefined;
};

export function useScope(): Scope {
  const { http } = useParts();
  const { plant, device } = useParams({ strict: false });
  const { data: plants = [] } = useQuery(plantsQuery(http));
  const { data: shown } = useQuery({
    ...deviceQuery(http, device ?? ""),
    enabled: Boolean(device),
  });
  const id = plant ?? (device ? shown?.plant : undefined);
  return {
    plants,
    plant: plants.find((each) => each.id === id),
    device: device ? shown : undefined,
  };
}

/** A text of both languages in the one that is shown. */
export function useLocalText(): (text: LocalText) => string {
  const { i18n } = useTranslation();
  return (text) => (i18n.language === "zh-CN" ? (text.zh ?? text.en) : text.en);
}

/** The zone of the header's clock: the plant's, or the one that all plants share. */
export function zoneOf({ plants, plant }: Scope): { readonly zone: string; readonly own: boolean } {
  const zones = new Set(plants.map(({ timeZone }) => timeZone));
  const shared = plant?.timeZone ?? (zones.size === 1 ? [...zones][0] : undefined);
  if (shared) return { zone: shared, own: false };
  return { zone: Intl.DateTimeFormat().resolvedOptions().timeZone, own: true };
}
