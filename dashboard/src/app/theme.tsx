import type { Theme } from "@sunledger/model";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { rememberedTheme, rememberTheme, showTheme } from "./preferences.ts";

type Themes = { readonly theme: Theme; readonly setTheme: (theme: Theme) => void };

const ThemeContext = createContext<Themes | undefined>(undefined);

/** Keeps the theme on the document and in this browser. */
export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [theme, keep] = useState(() => rememberedTheme(localStorage));
  const themes = useMemo(() => {
    const setTheme = (next: Theme) => {
      showTheme(document.documentElement, next);
      rememberTheme(localStorage, next);
      keep(next);
    };
    return { theme, setTheme };
  }, [theme]);
  return <ThemeContext value={themes}>{children}</ThemeContext>;
}

export function useTheme(): Themes {
  const themes = use(ThemeContext);
  if (!themes) throw new Error("a component outside the themes");
  return themes;
}
