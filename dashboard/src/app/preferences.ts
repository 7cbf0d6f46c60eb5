import { Preferences, type Theme } from "@sunledger/model";
import { type Language, languages } from "./i18n.ts";

const languageKey = "sunledger.language";
const themeKey = "sunledger.theme";
const chosenKey = "sunledger.chosen";
const defaultTheme: Theme = "dark";

/** How the page shows itself to somebody. */
export type Look = { readonly language: Language; readonly theme: Theme };

/** What was last shown in this browser: what the sign-in page is shown in. */
export function rememberedLanguage(storage: Storage, wishes: readonly string[]): Language {
  const kept = storage.getItem(languageKey);
  if (kept && isLanguage(kept)) return kept;
  return wishedLanguage(wishes);
}

export function rememberedTheme(storage: Storage): Theme {
  const kept = storage.getItem(themeKey);
  return kept === "grey" || kept === "light" ? kept : defaultTheme;
}

export function rememberLanguage(storage: Storage, language: Language): void {
  storage.setItem(languageKey, language);
}

export function rememberTheme(storage: Storage, theme: Theme): void {
  storage.setItem(themeKey, theme);
}

/** Keeps what was chosen before anybody had signed in, until the account has it. */
export function keepChosen(storage: Storage, chosen: Preferences): void {
  storage.setItem(chosenKey, JSON.stringify({ ...chosenBefore(storage), ...chosen }));
}

/** What was chosen here and no account has yet; `undefined` when there is nothing. */
export function chosenBefore(storage: Storage): Preferences | undefined {
  try {
    return Preferences.safeParse(JSON.parse(storage.getItem(chosenKey) ?? "null")).data;
  } catch {
    // Somebody else's text.
    return undefined;
  }
}

export function forgetChosen(storage: Storage): void {
  storage.removeItem(chosenKey);
}

/** What an account keeps; null is what was never chosen. */
export type Stored = { readonly [key in keyof Look]: Look[key] | null };

/**
 * What the page is shown in: what was just chosen, else what the account keeps, else what the
 * browser wishes.
 */
export function lookOf(
  stored: Stored,
  chosen: Preferences | undefined,
  wishes: readonly string[],
): Look {
  return {
    language: chosen?.language ?? stored.language ?? wishedLanguage(wishes),
    theme: chosen?.theme ?? stored.theme ?? defaultTheme,
  };
}

/** Puts the theme on the document, where the tokens hang on it. */
export function showTheme(root: HTMLElement, theme: Theme): void {
  root.dataset.theme = theme;
}

function wishedLanguage(wishes: readonly string[]): Language {
  return wishes[0]?.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

function isLanguage(text: string): text is Language {
  return (languages as readonly string[]).includes(text);
}
