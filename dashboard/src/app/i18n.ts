import i18next, { type BackendModule, type i18n } from "i18next";
import { initReactI18next } from "react-i18next";

export type Language = "en" | "zh-CN";
export const languages: readonly Language[] = ["en", "zh-CN"];

const files = import.meta.glob<Record<string, string>>("../locales/*/*.json", {
  import: "default",
});

/** Loads one subject's texts of one language, when they are first needed. */
const lazyTexts: BackendModule = {
  type: "backend",
  init() {},
  read(language, subject, answer) {
    const load = files[`../locales/${language}/${subject}.json`];
    if (!load) return answer(new Error(`no texts for ${language}/${subject}`), false);
    load().then(
      (texts) => answer(null, texts),
      (error: Error) => answer(error, false),
    );
  },
};

/** The page's texts; resolves when what the frame around every screen says is there. */
export async function openTexts(language: Language): Promise<i18n> {
  const texts = i18next.createInstance();
  await texts
    .use(lazyTexts)
    .use(initReactI18next)
    .init({
      lng: language,
      supportedLngs: languages,
      fallbackLng: false,
      load: "currentOnly",
      ns: ["app", "kit"],
      defaultNS: "app",
      // Keys are flat: `column.power` of `overview.json` is `overview:column.power`.
      keySeparator: false,
      nsSeparator: ":",
      interpolation: { escapeValue: false },
      react: { useSuspense: false },
    });
  document.documentElement.lang = language;
  texts.on("languageChanged", (next) => {
    document.documentElement.lang = next;
  });
  return texts;
}
