import { MantineProvider } from "@mantine/core";
import { render } from "@testing-library/react";
import i18next from "i18next";
import type { ReactNode } from "react";
import { I18nextProvider, initReactI18next } from "react-i18next";
import { mantineTheme } from "../../app/mantine-theme.ts";

const files = import.meta.glob<Record<string, string>>("../../locales/*/*.json", {
  eager: true,
  import: "default",
});

/** A component as it is shown in a language, for tests. */
export async function rendered(content: ReactNode, language: "en" | "zh-CN" = "en") {
  const texts = i18next.createInstance();
  await texts.use(initReactI18next).init({
    lng: language,
    resources: resources(),
    keySeparator: false,
    nsSeparator: ":",
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
  return render(
    <I18nextProvider i18n={texts}>
      <MantineProvider theme={mantineTheme} withCssVariables={false} withGlobalClasses={false}>
        {content}
      </MantineProvider>
    </I18nextProvider>,
  );
}

function resources() {
  const all: Record<string, Record<string, Record<string, string>>> = {};
  for (const [path, texts] of Object.entries(files)) {
    const [language = "", file = ""] = path.split("/").slice(-2);
    const subjects = all[language] ?? {};
    subjects[file.replace(".json", "")] = texts;
    all[language] = subjects;
  }
  return all;
}
