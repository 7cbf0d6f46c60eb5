import { createContext, use } from "react";
import type { BrowserClock } from "./clock.ts";
import type { Http } from "./http.ts";

/** What the page is made of and every screen may use. */
export type Parts = { readonly http: Http; readonly clock: BrowserClock };

const PartsContext = createContext<Parts | undefined>(undefined);

export const PartsProvider = PartsContext.Provider;

export function useParts(): Parts {
  const parts = use(PartsContext);
  if (!parts) throw new Error("a screen outside the page's parts");
  return parts;
}
