import type { Language, Theme } from "@sunledger/model";
import { useTranslation } from "react-i18next";
import { Segmented } from "../kit/button.tsx";
import { rememberLanguage } from "./preferences.ts";
import { useTheme } from "./theme.tsx";

/** Shows the page in another language at once and remembers it here. */
export function useLanguage() {
  const { i18n } = useTranslation();
  const setLanguage = async (language: Language) => {
    rememberLanguage(localStorage, language);
    await i18n.changeLanguage(language);
  };
  return { language: i18n.language as Language, setLanguage };
}

type ChoiceProps<T> = { readonly onChosen?: (value: T) => void };

export function LanguageChoice({ onChosen }: ChoiceProps<Language>) {
  const { t } = useTranslation();
  const { language, setLanguage } = useLanguage();
  return (
    <Segmented
      label={t("app:language")}
      value={language}
      choices={[
        { value: "en", label: "English" },
        { value: "zh-CN", label: "中文" },
      ]}
      onChange={(next) => {
        void setLanguage(next);
        onChosen?.(next);
      }}
    />
  );
}

export function ThemeChoice({ onChosen }: ChoiceProps<Theme>) {
  const { t } = useTranslation();
  const { theme, setTheme } = useTheme();
  return (
    <Segmented
      label={t("app:theme")}
      value={theme}
      choices={[
        { value: "dark", label: t("app:theme.dark") },
        { value: "grey", label: t("app:theme.grey") },
        { value: "light", label: t("app:theme.light") },
      ]}
      onChange={(next) => {
        setTheme(next);
        onChosen?.(next);
      }}
    />
  );
}
