import { LiveBeat, LiveChange, LiveReachUpdate, LiveUpdate } from "@sunledger/model";
import type * as z from "zod";
import type { BrowserClock } from "../app/clock.ts";
import type { Connection } from "./connection.ts";
import { type Drawing, openDrawing } from "./drawing.ts";
import { type KeptRooms, keptRooms } from "./kept-rooms.ts";
import { openLine } from "./line.ts";
import { listeners } from "./listeners.ts";
import type { LiveSocket } from "./live-socket.ts";
import { type Newest, newestOf } from "./standing.ts";

/** The page's one live connection. */
export type Live = Pick<KeptRooms, "join" | "refusal" | "ring"> &
  Pick<Drawing, "subscribe" | "version"> & {
    room: KeptRooms["state"];
    connection(): Connection;
    /** How new the values of all rooms are. */
    newest(): Newest;
    /** The server's time, Unix milliseconds. */
    serverNow(): number;
    /** Takes an answer's time as the server's. */
    setServerTime(at: number): void;
    /** Calls back after a break, before its values count as live: what the charts fill their gap by. */
    onReturn(fill: () => Promise<unknown>): () => void;
    /** Calls back when a device begins or ceases to answer: what was read about it has changed. */
    onReach(listener: () => void): () => void;
    /** Calls back when a command or a gateway is not as it was. */
    onChange(listener: (change: LiveChange) => void): () => void;
    /** Calls back when the server no longer knows who is asking. */
    onSignedOut(listener: () => void): () => void;
    start(): void;
    stop(): void;
  };

/** Opens nothing before `start`. */
export function openLive(socket: LiveSocket, clock: BrowserClock): Live {
  const fills = listeners<[], Promise<unknown>>();
  const reaches = listeners();
  const changes = listeners<[LiveChange]>();
  const signOuts = listeners();
  let ahead = 0;
  let shown: Connection["state"] = "connecting";

  const serverNow = () => clock.now() + ahead;
  const setServerTime = (at: number) => {
    ahead = at - clock.now();
  };

  const rooms = keptRooms({
    ...{ socket, clock },
    isOpen: () => line.isOpen(),
    onJoined({ at }) {
      setServerTime(at);
      line.hear();
      drawing.news();
    },
  });
  const line = openLine({
    clock,
    catchUp(afterBreak) {
      const joining = rooms.ask();
      const filling = afterBreak ? fills.call().map((fill) => fill.catch(() => undefined)) : [];
      return Promise.all([joining, ...filling]);
    },
    onCaughtUp: () => drawing.news(),
  });
  const drawing = openDrawing({
    clock,
    onDraw() {
      shown = line.connection().state;
    },
    dueAt: line.quietAt,
  });

  socket.on("connect", line.opened);
  socket.on("disconnect", () => {
    line.broke();
    rooms.stopAsking();
    drawing.news();
  });
  socket.on("connect_error", (reason) => {
    line.refused();
    drawing.news();
    if (reason instanceof Error && reason.message === "identity.notSignedIn") signOuts.call();
  });

  /** What is not understood is not taken. */
  const take = <S extends z.ZodType>(event: string, shape: S, taken: (said: z.infer<S>) => void) =>
    socket.on(event, (raw) => {
      const said = shape.safeParse(raw);
      if (said.success) taken(said.data);
    });
  take("beat", LiveBeat, ({ at }) => {
    setServerTime(at);
    line.hear();
    // Else nothing new to show: what has aged is shown within the second.
    if (shown !== line.connection().state) drawing.news();
  });
  take("m", LiveUpdate, (message) => {
    line.hear();
    if (rooms.update(message)) drawing.news();
  });
  take("changed", LiveChange, (change) => {
    line.hear();
    changes.call(change);
  });
  take("reach", LiveReachUpdate, ([name, devices]) => {
    line.hear();
    rooms.reach(name, devices);
    reaches.call();
    drawing.news();
  });

  return {
    join: rooms.join,
    room: rooms.state,
    refusal: rooms.refusal,
    ring: rooms.ring,
    connection: line.connection,
    newest: () =>
      newestOf(rooms.states(), { now: serverNow(), lost: line.connection().state === "lost" }),
    serverNow,
    setServerTime,
    subscribe: drawing.subscribe,
    version: drawing.version,
    onReturn: fills.add,
    onReach: reaches.add,
    onChange: changes.add,
    onSignedOut: signOuts.add,
    start() {
      socket.connect();
      drawing.begin();
    },
    stop() {
      drawing.stop();
      socket.disconnect();
    },
  };
}
