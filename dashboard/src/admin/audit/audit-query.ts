import { type AuditAction, AuditPage } from "@sunledger/model";
import { infiniteQueryOptions } from "@tanstack/react-query";
import type { Http } from "../../app/http.ts";

const mostAtOnce = 50;

/** What was written down, the newest first; each page asks for what is older than the one before. */
export function auditQuery(http: Http, action: AuditAction | undefined) {
  const wanted = `/audit?most=${mostAtOnce}${action === undefined ? "" : `&action=${action}`}`;
  return infiniteQueryOptions({
    queryKey: ["audit", action ?? ""],
    queryFn: ({ pageParam, signal }) =>
      http.get(pageParam === 0 ? wanted : `${wanted}&before=${pageParam}`, AuditPage, signal),
    initialPageParam: 0,
    getNextPageParam: ({ entries, more }) => (more ? entries.at(-1)?.number : undefined),
    // Whoever comes to this screen wants to see what was done just now.
    staleTime: 0,
  });
}
