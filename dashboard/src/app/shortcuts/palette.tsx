import "./overlay-parts.css";
import { createSpotlight, Spotlight, useSpotlight } from "@mantine/spotlight";
import type { PlantSummary } from "@sunledger/model";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocalText } from "../shell/scope.ts";
import styles from "./palette.module.css";
import { type Place, saidOf } from "./places.ts";
import { usePlaces } from "./use-places.ts";

type PaletteProps = {
  readonly plants: readonly PlantSummary[];
  /** The plant that one looks at. */
  readonly here: string | undefined;
  readonly opened: boolean;
  /** Otherwise it is a switch of plants. */
  readonly withDevices: boolean;
  readonly onClose: () => void;
};

/** What the server takes. */
const mostCharacters = 100;
const [store, spotlight] = createSpotlight();

/** Jumps to a plant or a device by what it is called. */
export function Palette({ plants, here, opened, withDevices, onClose }: PaletteProps) {
  const { t, ready } = useTranslation("shortcuts");
  const text = useLocalText();
  const [query, setQuery] = useState("");
  const searched = { query, plants, here, withDevices: opened && withDevices };
  const { places: found, search, more } = usePlaces(searched);
  const go = useGoing();
  const { selected } = useSpotlight(store);

  useEffect(() => {
    if (opened && ready) spotlight.open();
    else spotlight.close();
  }, [opened, ready]);
  useFirstSelected(query, found);
  const leave = (place: Place) => {
    go(place);
    spotlight.close();
  };
  const enterEarly = useEarlyEnter(query, search === "answered" ? found : [], leave);
  if (!ready) return null;

  const noteOf = (hasFound: boolean) => {
    if (search === "failed") return t("shortcuts:palette.failed");
    if (hasFound) return more && t("shortcuts:palette.more");
    return t(search === "asked" ? "shortcuts:palette.searching" : "shortcuts:palette.nothing");
  };
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
        maxLength={mostCharacters}
        onKeyDown={(event) => {
          const isEnter = event.key === "Enter" && !event.nativeEvent.isComposing;
          if (isEnter && found.length === 0 && search === "asked") enterEarly();
        }}
        aria-busy={search === "asked"}
        role="combobox"
        aria-label={label}
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={selected >= 0 ? optionId(selected) : undefined}
        placeholder={t(withDevices ? "shortcuts:palette.hint" : "shortcuts:plants.hint")}
      />
      {found.length > 0 && (
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
              onClick={() => leave(place)}
            >
              <span className={styles.mark}>{place.mark}</span>
              <span>{text(place.name)}</span>
              <span className={styles.said}>{saidOf(query, place)}</span>
              <span className={styles.kind}>
                {place.of ? text(place.of) : t("shortcuts:palette.plant")}
              </span>
            </button>
          ))}
        </Spotlight.ActionsList>
      )}
      <p className={styles.note} role="status">
        {noteOf(found.length > 0)}
      </p>
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

/** Enter before there is anything listed: goes to the first that comes for what was typed. */
function useEarlyEnter(query: string, found: readonly Place[], leave: (place: Place) => void) {
  const entered = useRef<string>(undefined);
  const [first] = found;
  useEffect(() => {
    if (entered.current === query && first) leave(first);
    if (entered.current !== query || first) entered.current = undefined;
  });
  return () => {
    entered.current = query;
  };
}

function useGoing(): (place: Place) => void {
  const navigate = useNavigate();
  return ({ kind, id }) =>
    void (kind === "plant"
      ? navigate({ to: "/plants/$plant", params: { plant: id } })
      : navigate({ to: "/devices/$device", params: { device: id } }));
}
