import {
  ConfigurationChanges,
  ConfigurationVersions,
  GatewayList,
  ProfileDetail,
  ProfileList,
  RolloutList,
} from "@sunledger/model";
import { queryOptions } from "@tanstack/react-query";
import type { Http } from "../app/http.ts";

/** What changes is told by the live connection; this is for what was missed. */
const refreshMs = 30_000;

export function gatewaysQuery(http: Http) {
  return queryOptions({
    queryKey: ["gateways"],
    queryFn: async ({ signal }) => (await http.get("/gateways", GatewayList, signal)).gateways,
    refetchInterval: refreshMs,
  });
}

export function versionsQuery(http: Http, gateway: string) {
  return queryOptions({
    queryKey: ["gateways", gateway, "configurations"],
    queryFn: ({ signal }) =>
      http.get(`/gateways/${gateway}/configurations?most=100`, ConfigurationVersions, signal),
    refetchInterval: refreshMs,
  });
}

/** What a version changes never does. */
export function changesQuery(http: Http, gateway: string, version: number, since: number) {
  const path = `/gateways/${gateway}/configurations/${version}/changes?since=${since}`;
  return queryOptions({
    queryKey: ["configurations", gateway, version, "changes", since],
    queryFn: async ({ signal }) => (await http.get(path, ConfigurationChanges, signal)).changes,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Under the gateways: what changes of one of them changes how far a roll-out is. */
export function rolloutsQuery(http: Http) {
  return queryOptions({
    queryKey: ["gateways", "rollouts"],
    queryFn: async ({ signal }) => (await http.get("/rollouts", RolloutList, signal)).rollouts,
    refetchInterval: refreshMs,
  });
}

/** Profiles are shipped with the server: they stay while the page does. */
export function profilesQuery(http: Http) {
  return queryOptions({
    queryKey: ["profiles"],
    queryFn: async ({ signal }) => (await http.get("/profiles", ProfileList, signal)).profiles,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function profileQuery(http: Http, profile: string) {
  return queryOptions({
    queryKey: ["profiles", profile],
    queryFn: ({ signal }) => http.get(`/profiles/${profile}`, ProfileDetail, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
