import { PlantCurve, PlantDetail, PlantList } from "@sunledger/model";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Http } from "../app/http.ts";

/** What is not live is read again that often. */
export const refreshMs = 30_000;

export function plantsQuery(http: Http) {
  return queryOptions({
    queryKey: ["plants"],
    queryFn: async ({ signal }) => (await http.get("/plants", PlantList, signal)).items,
    refetchInterval: refreshMs,
  });
}

export function plantQuery(http: Http, plant: string) {
  return queryOptions({
    queryKey: ["plants", plant],
    queryFn: ({ signal }) => http.get(`/plants/${plant}`, PlantDetail, signal),
    refetchInterval: refreshMs,
  });
}

export type Window = { readonly from: number; readonly to: number };

export function curveQuery(http: Http, plant: string, { from, to }: Window, width: number) {
  const asked = new URLSearchParams({
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    width: String(width),
  });
  return queryOptions({
    queryKey: ["plants", plant, "curve", from, to, width],
    queryFn: ({ signal }) => http.get(`/plants/${plant}/curve?${asked}`, PlantCurve, signal),
    refetchInterval: 2 * refreshMs,
    placeholderData: keepPreviousData,
    enabled: width > 0,
  });
}
