import { io } from "socket.io-client";
import type { BrowserClock } from "../app/clock.ts";
import type { LiveSocket } from "./live-socket.ts";

/** How long after a refusal, which the library does not try again by itself. */
const retryMs = 5_000;
/** After the server has hung up: often a session has ended, and the next answer will say so. */
const hungUpMs = 500;

/** The namespace `/live` of the page's own server; connects when it is told to, and again after a break. */
export function liveSocket(clock: BrowserClock): LiveSocket {
  const socket = io("/live", {
    transports: ["websocket"],
    autoConnect: false,
    reconnectionDelay: 500,
    reconnectionDelayMax: 5_000,
    timeout: 5_000,
  });
  let wanted = false;
  const again = (waitMs: number) => {
    if (wanted && !socket.active) clock.after(waitMs, () => wanted && socket.connect());
  };
  socket.on("connect_error", () => again(retryMs));
  socket.on("disconnect", () => again(hungUpMs));
  return {
    on: (event, listener) => socket.on(event, listener),
    emit: (event, ...args) => socket.emit(event, ...args),
    connect() {
      wanted = true;
      socket.connect();
    },
    disconnect() {
      wanted = false;
      socket.disconnect();
    },
  };
}
