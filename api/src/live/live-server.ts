import type { Server as HttpServer } from "node:http";
import {
  type LiveChange,
  type LiveClientEvents,
  type LiveJoinAnswer,
  LiveRoom,
  type LiveServerEvents,
} from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import { type DefaultEventsMap, Server, type Socket } from "socket.io";
import { headersOf } from "../identity/guard.ts";
import type { Identity, Who } from "../identity/identity.ts";
import { isSameOrigin } from "../identity/same-origin.ts";
import type { RoomVoice } from "./room.ts";
import type { Rooms } from "./rooms.ts";

/** Clients take 3 s without a word for a break: two beats in a row may be late. */
const beatMs = 1_000;
/** So many messages may wait for a slow client; what comes then it misses. */
const mostUnsent = 4;
/** A tab shows one page: more rooms at once are no page. */
const mostRooms = 50;
/** A sign-in that has ended elsewhere is noticed after so long. */
const recheckMs = 60_000;

type LiveSocket = Socket<
  LiveClientEvents,
  LiveServerEvents,
  DefaultEventsMap,
  { who: Who; headers: Headers }
>;

export type LiveServerParts = {
  readonly http: HttpServer;
  readonly identity: Identity;
  readonly clock: Clock;
  /** Real time: of the beat, and of how long a sign-in is believed. */
  readonly pace: Clock;
  /** Makes the rooms, given how to speak to those in them. */
  readonly openRooms: (voiceOf: (room: string) => RoomVoice) => Rooms;
};

export interface LiveServer {
  readonly rooms: Rooms;
  /** Ends the connections of a sign-in that has ended. */
  dropSession(session: string): void;
  /** Tells everybody of an organisation that something is not as it was. */
  changed(organisation: string, change: LiveChange): void;
}

/** The `/live` namespace: who may listen, who is in which room, and what is said there. */
export function startLiveServer(parts: LiveServerParts, scope: Scope): LiveServer {
  const { http, identity, clock, pace } = parts;
  const server = new Server<
    LiveClientEvents,
    LiveServerEvents,
    DefaultEventsMap,
    LiveSocket["data"]
  >(http, {
    transports: ["websocket"],
    serveClient: false,
    perMessageDeflate: false,
    maxHttpBufferSize: 4_096,
    allowRequest: ({ headers }, answer) => answer(null, isSameOrigin(headers)),
  });
  const live = server.of("/live");
  // Nothing is said in the main one, and who is in it has not signed in.
  server.use((_socket, next) => next(new Error("live.noSuchNamespace")));
  scope.onStop("live", () => {
    live.disconnectSockets(true);
    server.engine.close();
  });

  /** Messages that a socket could not send yet. Too many, and it misses updates and gets the whole later. */
  const unsent = new Map<LiveSocket, number>();
  const isLagging = (socket: LiveSocket) => (unsent.get(socket) ?? 0) > mostUnsent;
  const socketsIn = (room: string): LiveSocket[] =>
    [...(live.adapter.rooms.get(room) ?? [])].flatMap((id) => live.sockets.get(id) ?? []);

  const voiceOf = (room: string): RoomVoice => ({
    updates(updates) {
      for (const socket of socketsIn(room)) {
        if (!socket.conn.transport.writable) unsent.set(socket, (unsent.get(socket) ?? 0) + 1);
      }
      const lagging = [...unsent.keys()].filter(isLagging).map(({ id }) => id);
      for (const update of updates) live.to(room).except(lagging).emit("m", update);
    },
    reach: (changed) => void live.to(room).emit("reach", [room, changed]),
    outdated() {
      // A closed connection makes its client come back and join: it gets the new table then.
      for (const socket of socketsIn(room)) socket.conn.close();
    },
  });
  const rooms = parts.openRooms(voiceOf);
  live.adapter.on("delete-room", (room: string) => rooms.left(room));

  live.use((socket, next) => {
    const headers = headersOf(socket.request);
    identity.session(headers).then(
      (found) => {
        if (!found) return next(new Error("identity.notSignedIn"));
        socket.data = { who: found.who, headers };
        next();
      },
      (err: unknown) => {
        scope.log.error({ err }, "could not look up a session");
        next(new Error("live.unavailable"));
      },
    );
  });

  live.on("connection", (socket) => {
    void socket.join(organisationRoom(socket.data.who.organisation.id));
    socket.on("disconnect", () => void unsent.delete(socket));
    // Emitted once everything that waited has been handed on; one that lags waits for `catchUp`.
    socket.conn.on("drain", () => isLagging(socket) || unsent.delete(socket));
    socket.on("join", (room: unknown, answer: unknown) => {
      if (typeof answer !== "function") return;
      void join(socket, room).then((joined) => answer(joined));
    });
    socket.on("leave", (room: unknown) => {
      if (LiveRoom.safeParse(room).success) void socket.leave(room as string);
    });
  });

  const join = async (socket: LiveSocket, wanted: unknown): Promise<LiveJoinAnswer> => {
    const name = LiveRoom.safeParse(wanted);
    if (!name.success) return { ok: false, code: "live.badRoom" };
    if (socket.rooms.size > mostRooms) return { ok: false, code: "live.tooManyRooms" };
    try {
      const room = await rooms.enter(socket.data.who.organisation.id, name.data);
      if (!room) return { ok: false, code: "live.noSuchRoom" };
      if (socket.connected) await socket.join(room.name);
      // It went away meanwhile: without it nobody may be there to leave the room.
      else if (!live.adapter.rooms.has(room.name)) rooms.left(room.name);
      return room.joined();
    } catch (err) {
      scope.log.error({ err, room: name.data }, "could not join");
      return { ok: false, code: "live.unavailable" };
    }
  };

  const catchUp = () => {
    for (const socket of [...unsent.keys()].filter(isLagging)) {
      if (!socket.conn.transport.writable) continue;
      unsent.delete(socket);
      for (const name of socket.rooms) {
        for (const update of rooms.find(name)?.everything() ?? []) socket.emit("m", update);
      }
    }
  };

  const recheck = async () => {
    for (const socket of live.sockets.values()) {
      const found = await identity.session(socket.data.headers).catch(() => "unknown" as const);
      if (found === "unknown") continue;
      // Whoever has gone over to another organisation sits in the rooms of the one before.
      const { id } = socket.data.who.organisation;
      if (found?.who.organisation.id !== id) socket.disconnect(true);
    }
  };

  const beat = () => {
    // First: a connection that a beat is on its way to looks busy.
    catchUp();
    live.emit("beat", { at: clock.now() });
  };
  pace.every(beatMs, beat, scope.signal);
  pace.every(recheckMs, recheck, scope.signal);

  return {
    rooms,
    dropSession(session) {
      for (const socket of live.sockets.values()) {
        if (socket.data.who.session === session) socket.disconnect(true);
      }
    },
    changed: (organisation, change) =>
      void live.to(organisationRoom(organisation)).emit("changed", change),
  };
}

/** Every socket is in the one of its organisation; nobody can join it by a name, which it has not. */
function organisationRoom(organisation: string): string {
  return `organisation:${organisation}`;
}
