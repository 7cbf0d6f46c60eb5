import { ConflictPage, QuarantinePage } from "@sunledger/model";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Http } from "../../app/http.ts";
import { refreshMs } from "../queries.ts";

/** Rows a page. */
export const pageSize = 50;

export function quarantineQuery(http: Http, plant: string, page: number) {
  return queryOptions({
    queryKey: ["plants", plant, "quarantine", page],
    queryFn: ({ signal }) =>
      http.get(`/plants/${plant}/quarantine?${pageOf(page)}`, QuarantinePage, signal),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}

export function conflictsQuery(http: Http, plant: string, page: number) {
  return queryOptions({
    queryKey: ["plants", plant, "conflicts", page],
    queryFn: ({ signal }) =>
      http.get(`/plants/${plant}/conflicts?${pageOf(page)}`, ConflictPage, signal),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
  });
}

function pageOf(page: number): URLSearchParams {
  return new URLSearchParams({ most: String(pageSize), skip: String(page * pageSize) });
}
