import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { durationParts, type Format, formatsOf } from "./format.ts";

/** Formats of the language that is shown. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  return useMemo(() => formatsOf(i18n.language), [i18n.language]);
}

/** A duration as text: `6 min`, `6 h 12 min`, `3 d 4 h`. */
export function useDuration(): (ms: number) => string {
  const { t } = useTranslation();
  return (ms) => {
    const { key, values } = durationParts(ms);
    return t(`kit:duration.${key}`, values);
  };
}
