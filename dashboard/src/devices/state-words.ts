import type { DevicePoint, Value } from "@sunledger/model";
import { useTranslation } from "react-i18next";

type Coded = Pick<DevicePoint, "states" | "commonStates">;

/** A state in words, and what else is known of it. */
export type StateWords = { readonly text: string; readonly title: string };

type Said = {
  readonly language: string;
  /** A state that all makers share, in that language. */
  readonly common: string | undefined;
  /** What the maker calls it, in English. */
  readonly label: string;
  readonly code: string;
};

/** The maker's own words where they are in the reader's language, else the shared ones; both in the title. */
export function stateWords({ language, common, label, code }: Said): StateWords {
  const text = common !== undefined && language !== "en" ? common : label;
  const other = text === label ? common : label;
  return { text, title: [code, other].filter((each) => each !== undefined).join(" · ") };
}

/** The words of a point's value; `undefined` when it is no state that its profile knows. */
export function useStateWords(): (value: Value, point: Coded) => StateWords | undefined {
  const { t, i18n } = useTranslation();
  return (value, { states, commonStates }) => {
    const code = String(value);
    const label = states?.[code];
    if (label === undefined) return undefined;
    const shared = commonStates?.[code];
    const common = shared && t(`kit:operating.${shared}`);
    return stateWords({ language: i18n.language, common, label, code });
  };
}
