import { config } from "zod";
import type { BrowserClock } from "./app/clock.ts";

// The server's policy forbids code made from text, by which shapes would otherwise be sped up. Said
// before the first shape is made: hence the page itself is loaded afterwards.
config({ jitless: true });

const clock: BrowserClock = {
  now: () => Date.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

const { openPage } = await import("./app/page.tsx");
await openPage(clock);
