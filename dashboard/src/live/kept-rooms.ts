import { LiveJoinAnswer, type LiveJoined, type LiveReach, type LiveUpdate } from "@sunledger/model";
import type { BrowserClock } from "../app/clock.ts";
import type { LiveSocket } from "./live-socket.ts";
import { type Ring, ringOf } from "./ring.ts";
import { keyOf, type RoomState, roomOf, update } from "./room.ts";

/** The rooms that somebody on the page looks at. */
export type KeptRooms = {
  /** Keeps a room joined until the answer is called. */
  join(name: string): () => void;
  state(name: string): RoomState | undefined;
  states(): readonly RoomState[];
  /** Why a room could not be joined. */
  refusal(name: string): string | undefined;
  /** The latest values of a point of a room. */
  ring(name: string, device: string | null, point: string): Ring | undefined;
  /** Asks for all of them anew; resolves when each is answered, or nobody waits for it any more. */
  ask(): Promise<unknown>;
  /** The line is broken: no question will be answered. */
  stopAsking(): void;
  /** Whether the room is there to take it. */
  update(message: LiveUpdate): boolean;
  reach(name: string, devices: Readonly<Record<string, LiveReach>>): void;
};

export type KeptRoomsParts = {
  readonly socket: Pick<LiveSocket, "emit">;
  readonly clock: BrowserClock;
  /** Whether the server can be asked. */
  readonly isOpen: () => boolean;
  readonly onJoined: (joined: LiveJoined) => void;
};

/** Ten minutes of seconds, and a little. */
const ringCapacity = 640;
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

export function keptRooms({ socket, clock, isOpen, onJoined }: KeptRoomsParts): KeptRooms {
  const rooms = new Map<string, Kept>();

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
    record(kept, kept.state.points.keys());
    onJoined(joined);
  };

  const leave = (name: string, kept: Kept) => {
    kept.holders -= 1;
    if (kept.holders > 0) return;
    kept.stopLeaving = clock.after(leaveAfterMs, () => {
      if (kept.holders > 0) return;
      rooms.delete(name);
      kept.stopAsking?.();
      socket.emit("leave", name);
    });
  };

  return {
    join(name) {
      const kept = rooms.get(name) ?? fresh();
      rooms.set(name, kept);
      kept.holders += 1;
      kept.stopLeaving?.();
      if (isOpen() && !kept.asked) void ask(name, kept);
      return () => leave(name, kept);
    },
    state: (name) => rooms.get(name)?.state,
    states: () => [...rooms.values()].flatMap(({ state }) => state ?? []),
    refusal: (name) => rooms.get(name)?.refused,
    ring: (name, device, point) => rooms.get(name)?.rings.get(keyOf(device, point)),
    ask: () => Promise.all([...rooms].map(([name, kept]) => ask(name, kept))),
    stopAsking() {
      for (const kept of rooms.values()) {
        kept.asked = false;
        kept.stopAsking?.();
      }
    },
    update(message) {
      const kept = rooms.get(message[0]);
      if (!kept?.state) return false;
      record(kept, update(kept.state, message));
      return true;
    },
    reach(name, devices) {
      const { state } = rooms.get(name) ?? {};
      for (const [device, reach] of Object.entries(devices)) state?.reach.set(device, reach);
    },
  };
}

function fresh(): Kept {
  return {
    holders: 0,
    state: undefined,
    refused: undefined,
    asked: false,
    rings: new Map(),
    stopAsking: undefined,
    stopLeaving: undefined,
  };
}

/** Writes the newest values of those points into their rings. */
function record(kept: Kept, keys: Iterable<string>): void {
  for (const key of keys) {
    const point = kept.state?.points.get(key);
    if (!point || point.at === null || typeof point.value !== "number") continue;
    const ring = kept.rings.get(key) ?? ringOf(ringCapacity);
    kept.rings.set(key, ring);
    ring.push(point.at, point.value);
  }
}
