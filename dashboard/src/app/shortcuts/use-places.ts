import { FoundPlaces, type PlantSummary } from "@sunledger/model";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { plantQuery } from "../../plants/queries.ts";
import type { Http } from "../http.ts";
import { useParts } from "../parts.ts";
import { devicePlace, foundPlace, type Place, placesFor, plantPlace } from "./places.ts";
import { useSettled } from "./use-settled.ts";

/** Who types on has not asked yet. */
export const settlesAfterMs = 150;

export type PlacesWanted = {
  readonly query: string;
  readonly plants: readonly PlantSummary[];
  /** The plant that one looks at. */
  readonly here: string | undefined;
  /** Whether devices are searched as well: not by who switches plants, nor while the palette is closed. */
  readonly withDevices: boolean;
};

export type PlacesListed = {
  readonly places: readonly Place[];
  /** Whether this is the answer to what was typed. Until it is there, what is known already is listed. */
  readonly search: "answered" | "asked" | "failed";
  readonly more: boolean;
};

/** The places to go to for what was typed. */
export function usePlaces(wanted: PlacesWanted): PlacesListed {
  const { query, here, withDevices } = wanted;
  const typed = query.trim();
  const needsAnswer = withDevices && typed !== "";
  const { answer, before, hasFailed } = useAnswer(needsAnswer ? typed : "", here);
  const known = useKnown(wanted);
  if (needsAnswer && answer) {
    return { places: answer.items.map(foundPlace), search: "answered", more: answer.more };
  }
  const all = withDevices ? [...known, ...before.map(foundPlace)] : known;
  const once = [...new Map(all.map((place) => [place.id, place])).values()];
  const asked = hasFailed ? "failed" : "asked";
  return {
    places: placesFor(query, once, here),
    search: needsAnswer ? asked : "answered",
    more: false,
  };
}

/** What the server says to what was typed, and what it said to what was typed before. */
function useAnswer(typed: string, here: string | undefined) {
  const { http } = useParts();
  const settled = useSettled(typed, settlesAfterMs);
  const asked = typed === "" ? "" : settled;
  const { data, isError, isPlaceholderData } = useQuery(searchQuery(http, asked, here));
  const isAsked = typed !== "" && asked === typed;
  return {
    answer: isAsked && !isPlaceholderData ? data : undefined,
    before: data?.items ?? [],
    hasFailed: isAsked && isError,
  };
}

/** All plants, and the devices of the one that one looks at. */
function useKnown({ plants, here, withDevices }: PlacesWanted): Place[] {
  const { http } = useParts();
  const { data: plant } = useQuery({
    ...plantQuery(http, here ?? ""),
    enabled: withDevices && here !== undefined,
    refetchInterval: false,
  });
  const known = plants.map(plantPlace);
  if (!withDevices || !plant) return known;
  return [...known, ...plant.devices.map((each) => devicePlace(each, plant.name))];
}

function searchQuery(http: Http, text: string, near: string | undefined) {
  const asked = new URLSearchParams({ q: text, ...(near !== undefined && { near }) });
  return queryOptions({
    queryKey: ["search", text, near],
    queryFn: ({ signal }) => http.get(`/search?${asked}`, FoundPlaces, signal),
    placeholderData: keepPreviousData,
    enabled: text !== "",
  });
}
