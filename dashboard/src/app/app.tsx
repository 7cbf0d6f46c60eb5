import { MantineProvider } from "@mantine/core";
import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { i18n } from "i18next";
import { I18nextProvider } from "react-i18next";
import type { Live } from "../live/live.ts";
import { LiveProvider } from "../live/use-live.ts";
import { mantineTheme } from "./mantine-theme.ts";
import { type Parts, PartsProvider } from "./parts.ts";
import type { openRouter } from "./routes.tsx";
import { ThemeProvider, useTheme } from "./theme.tsx";

type AppProps = {
  readonly parts: Parts;
  readonly client: QueryClient;
  readonly live: Live;
  readonly texts: i18n;
  readonly router: ReturnType<typeof openRouter>;
};

/** The page. */
export function App({ parts, client, live, texts, router }: AppProps) {
  return (
    <PartsProvider value={parts}>
      <I18nextProvider i18n={texts}>
        <ThemeProvider>
          <QueryClientProvider client={client}>
            <LiveProvider value={live}>
              <Components>
                <RouterProvider router={router} />
              </Components>
            </LiveProvider>
          </QueryClientProvider>
        </ThemeProvider>
      </I18nextProvider>
    </PartsProvider>
  );
}

/** Its colours stand in style sheets of the page: no style is written into the document. */
function Components({ children }: { readonly children: React.ReactNode }) {
  const { theme } = useTheme();
  return (
    <MantineProvider
      theme={mantineTheme}
      forceColorScheme={theme === "dark" ? "dark" : "light"}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      {children}
    </MantineProvider>
  );
}
