import "./app/tokens.css";
import "./app/mantine-parts.css";
import "./app/mantine.css";
import "./app/fonts.css";
import "./app/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import type { BrowserClock } from "./app/clock.ts";
import { openHttp } from "./app/http.ts";
import { openTexts } from "./app/i18n.ts";
import { rememberedLanguage, rememberedTheme, showTheme } from "./app/preferences.ts";
import { openQueries } from "./app/query-client.ts";
import { openRouter } from "./app/routes.tsx";
import { openLive } from "./live/live.ts";
import { liveSocket } from "./live/socket.ts";

const clock: BrowserClock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

showTheme(document.documentElement, rememberedTheme(localStorage));
const texts = await openTexts(rememberedLanguage(localStorage, navigator.languages));
const http = openHttp(fetch.bind(globalThis));
const client = openQueries();
const live = openLive(liveSocket(clock), clock);
const router = openRouter({ http, client, texts });

const place = document.getElementById("root");
if (!place) throw new Error("the page has no place to draw in");
createRoot(place).render(
  <StrictMode>
    <App parts={{ http, clock }} client={client} live={live} texts={texts} router={router} />
  </StrictMode>,
);
