import { CommandDetail, CommandList } from "@sunledger/model";
import { queryOptions } from "@tanstack/react-query";
import type { Http } from "../app/http.ts";
import { isOver } from "./is-over.ts";

/** What changes is told by the live connection; this is for what was missed. */
const refreshMs = 30_000;
/** Somebody waits before the screen for what comes of an order. */
const waitingRefreshMs = 2_000;

/** An order and everything its gateway has answered. */
export function commandQuery(http: Http, command: string) {
  return queryOptions({
    queryKey: ["commands", command],
    queryFn: ({ signal }) => http.get(`/commands/${command}`, CommandDetail, signal),
    refetchInterval: ({ state }) => (isOver(state.data) ? refreshMs : waitingRefreshMs),
  });
}

/** The newest orders of a device, newest first. */
export function deviceCommandsQuery(http: Http, device: string) {
  return queryOptions({
    queryKey: ["commands", "of", device],
    queryFn: ({ signal }) => http.get(`/devices/${device}/commands?most=20`, CommandList, signal),
    refetchInterval: refreshMs,
  });
}
