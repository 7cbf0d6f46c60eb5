import { SetPointList } from "@sunledger/model";
import { queryOptions } from "@tanstack/react-query";
import type { Http } from "../../app/http.ts";

/** What may be written to a device, and the present values. */
export function setPointsQuery(http: Http, device: string) {
  return queryOptions({
    queryKey: ["devices", device, "set-points"],
    queryFn: ({ signal }) => http.get(`/devices/${device}/set-points`, SetPointList, signal),
    refetchInterval: 30_000,
  });
}
