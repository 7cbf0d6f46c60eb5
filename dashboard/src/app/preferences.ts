import type { Theme } from "@sunledger/model";
import { type Language, languages } from "./i18n.ts";

const languageKey = "sunledger.language";
const themeKey = "sunledger.theme";

/** What was last chosen in this browser: what the sign-in page is shown in. */
export function rememberedLanguage(storage: Storage, wishes: readonly string[]): Language {
  const kept = storage.getItem(languageKey);
  if (kept && isLanguage(kept)) return kept;
  return wishes[0]?.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function rememberedTheme(storage: Storage): Theme {
  const kept = storage.getItem(themeKey);
  return kept === "grey" || kept === "light" ? kept : "dark";
}

export function rememberLanguage(storage: Storage, language: Language): void {
  storage.setItem(languageKey, language);
}

export function rememberTheme(storage: Storage, theme: Theme): void {
  storage.setItem(themeKey, theme);
}

/** Puts the theme on the document, where the tokens hang on it. */
export function showTheme(root: HTMLElement, theme: Theme): void {
  root.dataset.theme = theme;
}

function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}
