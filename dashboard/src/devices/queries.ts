import { DeviceDetail, DeviceHistory, DeviceReplacements, LatestValues } from "@sunledger/model";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Http } from "../app/http.ts";

const refreshMs = 60_000;

export function deviceQuery(http: Http, device: string) {
  return queryOptions({
    queryKey: ["devices", device],
    queryFn: ({ signal }) => http.get(`/devices/${device}`, DeviceDetail, signal),
    refetchInterval: refreshMs,
  });
}

/** The newest value of each point: what is shown until the live room has answered. */
export function latestQuery(http: Http, device: string) {
  return queryOptions({
    queryKey: ["devices", device, "latest"],
    queryFn: ({ signal }) => http.get(`/devices/${device}/latest`, LatestValues, signal),
    refetchInterval: refreshMs,
  });
}

/** Which devices stood in its place, and what its counters carry over from them. */
export function replacementsQuery(http: Http, device: string) {
  return queryOptions({
    queryKey: ["devices", device, "replacements"],
    queryFn: ({ signal }) =>
      http.get(`/devices/${device}/replacements`, DeviceReplacements, signal),
    refetchInterval: refreshMs,
  });
}

export type HistoryAsked = {
  readonly points: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly width: number;
};

export function historyQuery(http: Http, device: string, asked: HistoryAsked) {
  const { points, from, to, width } = asked;
  return queryOptions({
    queryKey: ["devices", device, "history", points.join(","), from, to, width],
    queryFn: ({ signal }) => readHistory(http, device, asked, signal),
    refetchInterval: refreshMs,
    placeholderData: keepPreviousData,
    enabled: points.length > 0 && width > 0,
  });
}

export function readHistory(
  http: Http,
  device: string,
  { points, from, to, width }: HistoryAsked,
  signal: AbortSignal,
): Promise<DeviceHistory> {
  const query = new URLSearchParams({
    points: points.join(","),
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    width: String(width),
  });
  return http.get(`/devices/${device}/history?${query}`, DeviceHistory, signal);
}
