import "./overlay-parts.css";
import { createSpotlight, Spotlight, useSpotlight } from "@mantine/spotlight";
import type { PlantSummary } from "@sunledger/model";
import { useQueries } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { plantQuery } from "../../plants/queries.ts";
import { useParts } from "../parts.ts";
import { useLocalText } from "../shell/scope.ts";
import styles from "./palette.module.css";
import { devicePlace, type Place, placesFor, plantPlace } from "./places.ts";

type PaletteProps = {
  readonly plants: readonly PlantSummary[];
  /** The plant that one looks at. */
  readonly here: string | undefined;
  readonly opened: boolean;
  /** Otherwise it is a switch of plants. */
  readonly withDevices: boolean;
  readonly onClose: () => void;
};

/** Devices are known plant by plant: those of so many plants are looked up. */
const searched = 40;
const [store, spotlight] = createSpotlight();

/** Jumps to a plant or a device by its name or mark. */
export function Palette({ plants, here, opened, withDevices, onClose }: PaletteProps) {
  const { t, ready } = useTranslation("shortcuts");
  const text = useLocalText();
  const [query, setQuery] = useState("");
  const places = usePlaces(plants, opened && withDevices);
  const found = placesFor(query, places, here);
  const go = useGoing();
  const { selected } = useSpotlight(store);

  useEffect(() => {
    if (opened && ready) spotlight.open();
    else spotlight.close();
  }, [opened, ready]);
  useFirstSelected(query, found);
  if (!ready) return null;

  const label = t(withDevices ? "shortcuts:palette" : "shortcuts:plants");
  return (
    <Spotlight.Root
      store={store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      lockScroll={false}
      transitionProps={{ duration: 0 }}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      scrollable
      attributes={{ content: { "aria-label": label } }}
    >
      <Spotlight.Search
        size="md"
        role="combobox"
        aria-label={label}
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={selected >= 0 ? optionId(selected) : undefined}
        placeholder={t(withDevices ? "shortcuts:palette.hint" : "shortcuts:plants.hint")}
      />
      {found.length === 0 ? (
        <Spotlight.Empty>{t("shortcuts:palette.nothing")}</Spotlight.Empty>
      ) : (
        <Spotlight.ActionsList id={listId} role="listbox" aria-label={label}>
          {found.map((place, index) => (
            // Not the component's own action: it has no id that the search could point at.
            <button
              key={place.id}
              type="button"
              id={optionId(index)}
              className={styles.place}
              role="option"
              aria-selected={index === selected}
              tabIndex={-1}
              data-action
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => {
                go(place);
                spotlight.close();
              }}
            >
              <span className={styles.mark}>{place.mark}</span>
              <span>{text(place.name)}</span>
              <span className={styles.kind}>
                {place.of ? text(place.of) : t("shortcuts:palette.plant")}
              </span>
            </button>
          ))}
        </Spotlight.ActionsList>
      )}
    </Spotlight.Root>
  );
}

/** Devices come while somebody types: Enter goes to the first of what is listed then. */
function useFirstSelected(query: string, found: readonly Place[]): void {
  const listed = found.map(({ id }) => id).join(" ");
  useEffect(() => {
    if (query === "") return;
    const options = document.querySelectorAll(`#${listId} [role="option"]`);
    options.forEach((option, index) => {
      option.toggleAttribute("data-selected", index === 0);
    });
    store.updateState((state) => ({ ...state, selected: listed === "" ? -1 : 0 }));
  }, [query, listed]);
}

const listId = "palette-places";

function optionId(index: number): string {
  return `palette-place-${index}`;
}

function usePlaces(plants: readonly PlantSummary[], withDevices: boolean): Place[] {
  const { http } = useParts();
  const details = useQueries({
    queries: plants.slice(0, searched).map(({ id }) => ({
      ...plantQuery(http, id),
      enabled: withDevices,
      refetchInterval: false as const,
    })),
  });
  const devices = withDevices ? details.flatMap(({ data }) => data ?? []) : [];
  return [
    ...plants.map(plantPlace),
    ...devices.flatMap((plant) => plant.devices.map((each) => devicePlace(each, plant.name))),
  ];
}

function useGoing(): (place: Place) => void {
  const navigate = useNavigate();
  return ({ kind, id }) =>
    void (kind === "plant"
      ? navigate({ to: "/plants/$plant", params: { plant: id } })
      : navigate({ to: "/devices/$device", params: { device: id } }));
}
