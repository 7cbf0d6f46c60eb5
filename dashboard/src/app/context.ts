import type { QueryClient } from "@tanstack/react-query";
import type { i18n } from "i18next";
import type { Http } from "./http.ts";

/** What routes may use before their screen is there. */
export type RouteContext = {
  readonly http: Http;
  readonly client: QueryClient;
  readonly texts: i18n;
};
