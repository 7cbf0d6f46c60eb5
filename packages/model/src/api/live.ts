import * as z from "zod";
import { Flag, Value } from "../telemetry/frame.ts";
import { Coverage } from "./figure.ts";

/** `plant:ID` (sums and each device's headline points) or `device:ID` (all its points). */
export const LiveRoom = z.string().regex(/^(plant|device):[0-9a-fA-F-]{36}$/);
export type LiveRoom = z.infer<typeof LiveRoom>;

export const LiveReach = z.object({
  /**
   * `unheard`: it slept by the last word of its gateway, which is too old to hold. `unpolled`: no
   * gateway polls it, its values are imported.
   */
  state: z.enum([
    "reachable",
    "unreachable",
    "connecting",
    "asleep",
    "gatewayOffline",
    "unheard",
    "unpolled",
  ]),
  /** Unix milliseconds; `null` when it is not known. */
  since: z.int().nullable(),
  reason: z.string().optional(),
});
export type LiveReach = z.infer<typeof LiveReach>;

/** Device id to whether it can be reached. */
const Reaches = z.record(z.string(), LiveReach);

/** `[number, device id or null, point, unit, expected interval]`; `null` is the plant's own sum. */
export const LiveRow = z.tuple([
  z.int(),
  z.string().nullable(),
  z.string(),
  z.string(),
  z.int().positive(),
]);
export type LiveRow = z.infer<typeof LiveRow>;

/** The number of a plant's sum to the devices that it rests on. */
const Coverages = z.record(z.string(), Coverage);

/** What a room is made of and how it stands: the answer to `join`. */
export const LiveJoined = z.object({
  ok: z.literal(true),
  room: z.string(),
  /** The server's time, Unix milliseconds. */
  at: z.int(),
  table: z.array(LiveRow),
  /** `[number, value, at, flag?]`; a point without an entry was never seen. */
  snapshot: z.array(
    z.union([z.tuple([z.int(), Value, z.int()]), z.tuple([z.int(), Value, z.int(), Flag])]),
  ),
  devices: Reaches,
  /** Of the plant's sums in the snapshot. */
  coverage: Coverages,
});
export type LiveJoined = z.infer<typeof LiveJoined>;

export const LiveRefused = z.object({
  ok: z.literal(false),
  code: z.enum(["live.badRoom", "live.noSuchRoom", "live.tooManyRooms", "live.unavailable"]),
});
export type LiveRefused = z.infer<typeof LiveRefused>;

export const LiveJoinAnswer = z.discriminatedUnion("ok", [LiveJoined, LiveRefused]);
export type LiveJoinAnswer = z.infer<typeof LiveJoinAnswer>;

/**
 * Event `m`: `[room, at, [number, value, number, value, …], flags?, coverage?]`, changed values only.
 * `at` is the newest event time among them; a number without a flag is good, and each of a plant's
 * sums comes with its coverage.
 */
export const LiveUpdate = z.union([
  z.tuple([z.string(), z.int(), z.array(Value)]),
  z.tuple([z.string(), z.int(), z.array(Value), z.record(z.string(), Flag)]),
  z.tuple([z.string(), z.int(), z.array(Value), z.record(z.string(), Flag), Coverages]),
]);
export type LiveUpdate = z.infer<typeof LiveUpdate>;

/** Event `reach`: `[room, changed devices]`. */
export const LiveReachUpdate = z.tuple([z.string(), Reaches]);
export type LiveReachUpdate = z.infer<typeof LiveReachUpdate>;

/** Event `beat`, each second: the server is there, and this is its time. */
export const LiveBeat = z.object({ at: z.int() });
export type LiveBeat = z.infer<typeof LiveBeat>;

/**
 * Event `changed`: a command, a gateway or a roll-out of the organisation is not as it was. It says no more than that:
 * whoever shows it asks anew.
 */
export const LiveChange = z.tuple([z.enum(["command", "gateway", "rollout"]), z.string()]);
export type LiveChange = z.infer<typeof LiveChange>;

/** What the server sends; each event carries one argument. */
export type LiveServerEvents = {
  m: (update: LiveUpdate) => void;
  reach: (update: LiveReachUpdate) => void;
  beat: (beat: LiveBeat) => void;
  changed: (change: LiveChange) => void;
};

/** What a client sends. */
export type LiveClientEvents = {
  join: (room: string, answer: (joined: LiveJoinAnswer) => void) => void;
  leave: (room: string) => void;
};
