import "./tokens.css";
import "./mantine-parts.css";
import "./mantine.css";
import "./fonts.css";
import "./base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { openLive } from "../live/live.ts";
import { liveSocket } from "../live/socket.ts";
import { App } from "./app.tsx";
import type { BrowserClock } from "./clock.ts";
import { openHttp } from "./http.ts";
import { openTexts } from "./i18n.ts";
import { rememberedLanguage, rememberedTheme, showTheme } from "./preferences.ts";
import { openQueries } from "./query-client.ts";
import { openRouter } from "./routes.tsx";
import { followServerTime } from "./server-time.ts";
import { forget } from "./session.ts";

/** Puts the page together and draws it. */
export async function openPage(clock: BrowserClock): Promise<void> {
  showTheme(document.documentElement, rememberedTheme(localStorage));
  const texts = await openTexts(rememberedLanguage(localStorage, navigator.languages));
  const http = openHttp(fetch.bind(globalThis), clock);
  const client = openQueries();
  const live = openLive(liveSocket(clock), clock);
  live.onSignedOut(() => forget(client));
  followServerTime(client, live);
  const router = openRouter({ http, client, texts });

  const place = document.getElementById("root");
  if (!place) throw new Error("the page has no place to draw in");
  createRoot(place).render(
    <StrictMode>
      <App parts={{ http, clock }} client={client} live={live} texts={texts} router={router} />
    </StrictMode>,
  );
}
