import { useTranslation } from "react-i18next";

/** The family of a numbered point, and its number: `dc.mppt.#.power`, 7. */
export function familyOf(point: string): { readonly family: string; readonly number?: string } {
  const number = /(?<=\.)\d+(?=\.|$)/.exec(point)?.[0];
  const family = point.replace(/(?<=\.)\d+(?=\.|$)/g, "#");
  return number === undefined ? { family } : { family, number };
}

/** What people call a point; a point without a name goes by its canonical one. */
export function usePointLabel(): (point: string) => string {
  const { t, i18n } = useTranslation();
  return (point) => {
    const { family, number } = familyOf(point);
    const key = i18n.exists(`points:${point}`) ? point : family;
    return i18n.exists(`points:${key}`) ? t(`points:${key}`, { number }) : point;
  };
}
