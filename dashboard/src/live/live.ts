import {
  LiveBeat,
  LiveChange,
  LiveJoinAnswer,
  type LiveJoined,
  LiveReachUpdate,
  LiveUpdate,
} from "@sunledger/model";
import type { BrowserClock } from "../app/clock.ts";
import { type Connection, connectionOf, type Heard, quietMs } from "./connection.ts";
import { type Ring, ringOf } from "./ring.ts";
import { keyOf, type RoomState, roomOf, update } from "./room.ts";
import { type Newest, newestOf } from "./standing.ts";

/** What of a socket.io connection is used. */
export type LiveSocket = {
  on(event: string, listener: (payload: unknown) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  connect(): unknown;
  disconnect(): unknown;
};

/** The page's one live connection. */
export type Live = {
  /** Keeps a room joined until the answer is called. */
  join(room: string): () => void;
  room(room: string): RoomState | undefined;
  /** Why a room could not be joined. */
  refusal(room: string): string | undefined;
  /** The latest values of a point of a room, for curves. */
  ring(room: string, device: string | null, point: string): Ring | undefined;
  connection(): Connection;
  /** How new the values of all rooms are. */
  newest(): Newest;
  /** The server's time, Unix milliseconds. */
  serverNow(): number;
  /** Takes an answer's time as the server's. */
  setServerTime(at: number): void;
  /** Calls back when something changed, at most about once a second, and to let values age. */
  subscribe(listener: () => void): () => void;
  /** Counts the calls of the listeners. */
  version(): number;
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

/** Ten minutes of seconds, and a little. */
const ringCapacity = 640;
const renderEveryMs = 1_000;
/**
 * Messages come once a second, now and then a little early. Only a rendering of news puts off the next:
 * if one that lets values age did too, each value could be shown up to a second late from then on.
 */
const newsEveryMs = 900;
/** A page that moves on keeps what it leaves for a moment: the next screen often wants it again. */
const leaveAfterMs = 3_000;
/** A room that is not answered for in this time is asked for again: an open line may lose an answer. */
const answerWithinMs = 5_000;

type Kept = {
  holders: number;
  state: RoomState | undefined;
  refused: string | undefined;
  asked: boolean;
  readonly rings: Map<string, Ring>;
  /** Gives up waiting for the answer. */
  stopAsking: (() => void) | undefined;
  stopLeaving: (() => void) | undefined;
};

/** Opens nothing before `start`. */
export function openLive(socket: LiveSocket, clock: BrowserClock): Live {
  const rooms = new Map<string, Kept>();
  const listeners = new Set<() => void>();
  const fills = new Set<() => Promise<unknown>>();
  const reachListeners = new Set<() => void>();
  const changeListeners = new Set<(change: LiveChange) => void>();
  const signedOutListeners = new Set<() => void>();
  let ahead = 0;
  let version = 0;
  let returns = 0;
  let shown: Connection["state"] = "connecting";
  let newsAt = Number.NEGATIVE_INFINITY;
  let stopRender: (() => void) | undefined;
  let heard: Heard = {
    connected: false,
    filled: false,
    brokenSince: null,
    heardAt: null,
    valuesAt: null,
  };

  const serverNow = () => clock.now() + ahead;
  const setServerTime = (at: number) => {
    ahead = at - clock.now();
  };

  const connection = () => connectionOf(heard, clock.now());

  const render = () => {
    stopRender?.();
    version += 1;
    shown = connection().state;
    for (const listener of listeners) listener();
    // Ages grow without messages: judged again each second, and when a silence has lasted too long.
    const wait = renderEveryMs + 100;
    const quiet = (heard.heardAt ?? Number.NEGATIVE_INFINITY) + quietMs - clock.now();
    stopRender = clock.after(quiet > 0 ? Math.min(wait, quiet) : wait, render);
  };
  const renderNews = () => {
    newsAt = clock.now();
    render();
  };
  const changed = () => {
    const wait = newsAt + newsEveryMs - clock.now();
    if (wait <= 0) return renderNews();
    stopRender?.();
    stopRender = clock.after(wait, renderNews);
  };

  const hear = (valuesAt?: number) => {
    const { heardAt, connected, filled } = heard;
    const now = clock.now();
    const silent = connected && filled && heardAt !== null && now - heardAt >= quietMs;
    heard = { ...heard, heardAt: now, valuesAt: valuesAt ?? heard.valuesAt };
    if (!silent) return;
    // What was said meanwhile may never come: as after a break.
    heard = { ...heard, brokenSince: heardAt };
    void comeBack();
  };

  const record = (kept: Kept, keys: Iterable<string>) => {
    for (const key of keys) {
      const point = kept.state?.points.get(key);
      if (!point || point.at === null) continue;
      if (typeof point.value !== "number") continue;
      let ring = kept.rings.get(key);
      if (!ring) {
        ring = ringOf(ringCapacity);
        kept.rings.set(key, ring);
      }
      ring.push(point.at, point.value);
    }
  };

  /** Asks until it is answered or nobody waits any more: the line is broken, asked anew, or left. */
  const ask = (name: string, kept: Kept): Promise<void> => {
    kept.asked = true;
    kept.stopAsking?.();
    return new Promise((resolve) => {
      let stopWaiting = () => {};
      const done = () => {
        stopWaiting();
        resolve();
      };
      const send = () => {
        stopWaiting = clock.after(answerWithinMs, send);
        socket.emit("join", name, (raw: unknown) => {
          const answer = LiveJoinAnswer.safeParse(raw);
          if (answer.success && answer.data.ok) take(kept, answer.data);
          else
            kept.refused =
              answer.success && !answer.data.ok ? answer.data.code : "live.unavailable";
          done();
        });
      };
      kept.stopAsking = done;
      send();
    });
  };

  const take = (kept: Kept, joined: LiveJoined) => {
    kept.state = roomOf(joined);
    kept.refused = undefined;
    setServerTime(joined.at);
    record(kept, kept.state.points.keys());
    hear(joined.at);
    changed();
  };

  const comeBack = async () => {
    const again = heard.brokenSince !== null;
    returns += 1;
    const own = returns;
    heard = { ...heard, connected: true, filled: false };
    const joining = [...rooms].map(([name, kept]) => ask(name, kept));
    const filling = again ? [...fills].map((fill) => fill().catch(() => undefined)) : [];
    await Promise.all([...joining, ...filling]);
    // Only the latest return knows that all is there.
    if (!heard.connected || own !== returns) return;
    hear();
    heard = { ...heard, filled: true, brokenSince: null };
    changed();
  };

  socket.on("connect", () => void comeBack());
  socket.on("disconnect", () => {
    heard = {
      ...heard,
      connected: false,
      filled: false,
      brokenSince: heard.brokenSince ?? clock.now(),
    };
    for (const kept of rooms.values()) {
      kept.asked = false;
      kept.stopAsking?.();
    }
    changed();
  });
  socket.on("connect_error", (reason) => {
    heard = { ...heard, brokenSince: heard.brokenSince ?? clock.now() };
    changed();
    if (!(reason instanceof Error) || reason.message !== "identity.notSignedIn") return;
    for (const listener of signedOutListeners) listener();
  });
  socket.on("beat", (raw) => {
    const beat = LiveBeat.safeParse(raw);
    if (!beat.success) return;
    setServerTime(beat.data.at);
    hear(beat.data.at);
    // Else nothing new to show: what has aged is shown within the second.
    if (shown !== connection().state) changed();
  });
  socket.on("m", (raw) => {
    const message = LiveUpdate.safeParse(raw);
    if (!message.success) return;
    const [name] = message.data;
    const kept = rooms.get(name);
    hear(serverNow());
    if (!kept?.state) return;
    record(kept, update(kept.state, message.data));
    changed();
  });
  socket.on("changed", (raw) => {
    const change = LiveChange.safeParse(raw);
    if (!change.success) return;
    hear(serverNow());
    for (const listener of changeListeners) listener(change.data);
  });
  socket.on("reach", (raw) => {
    const message = LiveReachUpdate.safeParse(raw);
    if (!message.success) return;
    const [name, devices] = message.data;
    const kept = rooms.get(name);
    hear(serverNow());
    for (const [device, reach] of Object.entries(devices)) kept?.state?.reach.set(device, reach);
    for (const listener of reachListeners) listener();
    changed();
  });

  return {
    join(name) {
      let kept = rooms.get(name);
      if (!kept) {
        kept = {
          holders: 0,
          state: undefined,
          refused: undefined,
          asked: false,
          rings: new Map(),
          stopAsking: undefined,
          stopLeaving: undefined,
        };
        rooms.set(name, kept);
      }
      const held = kept;
      held.holders += 1;
      held.stopLeaving?.();
      if (heard.connected && !held.asked) void ask(name, held);
      return () => {
        held.holders -= 1;
        if (held.holders > 0) return;
        held.stopLeaving = clock.after(leaveAfterMs, () => {
          if (held.holders > 0) return;
          rooms.delete(name);
          held.stopAsking?.();
          socket.emit("leave", name);
        });
      };
    },
    room: (name) => rooms.get(name)?.state,
    refusal: (name) => rooms.get(name)?.refused,
    ring: (name, device, point) => rooms.get(name)?.rings.get(keyOf(device, point)),
    connection,
    newest() {
      const followed = [...rooms.values()].flatMap(({ state }) => state ?? []);
      return newestOf(followed, { now: serverNow(), lost: connection().state === "lost" });
    },
    serverNow,
    setServerTime,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
    onReturn(fill) {
      fills.add(fill);
      return () => fills.delete(fill);
    },
    onReach(listener) {
      reachListeners.add(listener);
      return () => reachListeners.delete(listener);
    },
    onChange(listener) {
      changeListeners.add(listener);
      return () => changeListeners.delete(listener);
    },
    onSignedOut(listener) {
      signedOutListeners.add(listener);
      return () => signedOutListeners.delete(listener);
    },
    start() {
      socket.connect();
      render();
    },
    stop() {
      stopRender?.();
      socket.disconnect();
    },
  };
}
