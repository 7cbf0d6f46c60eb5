import * as z from "zod";
import { OrderedBy } from "../telemetry/command.ts";
import { ConfigurationNumber, pollIntervals } from "../telemetry/configuration.ts";
import { GatewayId } from "../telemetry/frame.ts";

const ProfileId = z.string().min(1).max(80);

/** What a roll-out changes in what each of its gateways polls; everything else stays as it is there. */
export const RolloutChange = z.discriminatedUnion("kind", [
  /** Devices that are read by one profile are read by another one, or another version of it, from now on. */
  z.object({ kind: z.literal("profile"), from: ProfileId, to: ProfileId }),
  /** The interval of each poll class. */
  z.object({ kind: z.literal("poll"), poll: z.strictObject(pollIntervals) }),
]);
export type RolloutChange = z.infer<typeof RolloutChange>;

/**
 * How far a gateway is. `asked`: it tells what it polls now. `sent`: its new version is on its way, or on
 * trial. `unchanged`: there was nothing to change. `failed`: it did not go on as before. `takingBack`: what it
 * polled before is on its way to it.
 */
export const RolloutStepState = z.enum([
  "waiting",
  "asked",
  "sent",
  "applied",
  "unchanged",
  "refused",
  "rolledBack",
  "failed",
  "takingBack",
  "takenBack",
]);
export type RolloutStepState = z.infer<typeof RolloutStepState>;

export const RolloutStep = z.object({
  gateway: GatewayId,
  /** From 0. */
  ring: z.int().nonnegative(),
  state: RolloutStepState,
  /** Since when, Unix milliseconds. */
  since: z.int(),
  /** The order by which it told what it polled before. */
  command: z.uuid().optional(),
  /** The newest version when it was asked. */
  after: z.int().nonnegative().optional(),
  /** The version that was made for it. */
  version: ConfigurationNumber.optional(),
  /** The version by which it is given back what it polled before. */
  back: ConfigurationNumber.optional(),
  /** It lived by its own file before, which is given its word back. */
  ofFile: z.boolean().optional(),
  /** How many devices it reached before, those asleep among them. */
  reached: z.int().nonnegative().optional(),
  /** Why it does not go on, or what to look at though it does, in the words of gateway and server. */
  reasons: z.array(z.string()).optional(),
});
export type RolloutStep = z.infer<typeof RolloutStep>;

/** What somebody did with a roll-out. */
export const RolloutAct = z.object({
  what: z.enum(["begin", "stop", "resume", "takeBack"]),
  at: z.int(),
  by: OrderedBy,
});
export type RolloutAct = z.infer<typeof RolloutAct>;

/** A change that reaches gateways ring by ring. */
export const Rollout = z.object({
  id: z.uuid(),
  at: z.int(),
  by: OrderedBy,
  note: z.string(),
  change: RolloutChange,
  /** How long a ring has to run well before the next one begins, milliseconds. */
  soakMs: z.int().nonnegative(),
  /** `failed` stops by itself: a gateway of the ring refused the change, or is worse off than before. */
  state: z.enum(["running", "stopped", "failed", "done", "takingBack", "takenBack"]),
  /** Who did what with it, the oldest first. */
  acts: z.array(RolloutAct).default([]),
  /** Who takes it back, and why. */
  takeBack: z.object({ by: OrderedBy, note: z.string() }).optional(),
  /** The ring whose turn it is, from 0. */
  ring: z.int().nonnegative(),
  /** Since when that ring has the change as a whole. */
  soakFrom: z.int().optional(),
  steps: z.array(RolloutStep),
  /** Counts what became of it: of two who change it at once one learns of the other. */
  revision: z.int().nonnegative(),
});
export type Rollout = z.infer<typeof Rollout>;

export const RolloutList = z.object({ rollouts: z.array(Rollout) });
export type RolloutList = z.infer<typeof RolloutList>;

const Note = z.string().trim().max(200).default("");

export const NewRollout = z.object({
  note: Note,
  change: RolloutChange,
  soakMinutes: z
    .int()
    .nonnegative()
    .max(7 * 24 * 60),
  rings: z
    .array(z.array(GatewayId).min(1).max(1_000))
    .min(1)
    .max(10)
    .refine(
      (rings) => new Set(rings.flat()).size === rings.flat().length,
      "a gateway is in two rings",
    ),
});
export type NewRollout = z.input<typeof NewRollout>;

/** Why a change is taken back, in the words of who does it. */
export const RolloutTakeBack = z.object({ note: Note });
export type RolloutTakeBack = z.infer<typeof RolloutTakeBack>;
