import * as z from "zod";
import { CommandOrder, OrderedBy } from "../telemetry/command.ts";
import { CommandResult } from "../telemetry/command-result.ts";
import { Value } from "../telemetry/frame.ts";

/**
 * Where a command is. `sent`: kept and on its way. `unanswered`: it expired without a word of its
 * gateway, which will not obey it any more; whether it did before its answer was lost is not known.
 */
export const CommandState = z.enum([
  "sent",
  "accepted",
  "progress",
  "done",
  "refused",
  "failed",
  "unanswered",
]);
export type CommandState = z.infer<typeof CommandState>;

/** A command in a list. */
export const OrderedCommand = z.object({
  id: z.uuid(),
  gateway: z.string(),
  /** The device's id, where it is about a registered one. */
  device: z.uuid().optional(),
  what: CommandOrder,
  orderedBy: OrderedBy,
  /** Unix milliseconds. */
  at: z.int(),
  /** From then on its gateway does not begin with it. */
  expiresAt: z.int(),
  state: CommandState,
  /** The answer that ended it. */
  outcome: CommandResult.optional(),
});
export type OrderedCommand = z.infer<typeof OrderedCommand>;

export const CommandList = z.object({
  commands: z.array(OrderedCommand),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type CommandList = z.infer<typeof CommandList>;

/** A command with everything its gateway has answered, oldest first. */
export const CommandDetail = z.object({
  ...OrderedCommand.shape,
  answers: z.array(z.object({ heardAt: z.int(), result: CommandResult })),
});
export type CommandDetail = z.infer<typeof CommandDetail>;

/** What may be ordered in one step: nothing of it changes a plant, but `release`, which undoes. */
export const NewCommandOrder = z.object({
  /** Chosen by whoever asks, so that a request that is sent twice orders once. */
  id: z.uuid().optional(),
  what: CommandOrder.refine(({ kind }) => kind !== "set", {
    error: "a set-point is ordered in two steps, at its device",
  }),
});
export type NewCommandOrder = z.infer<typeof NewCommandOrder>;

/** What somebody wants to write, in the point's canonical unit. */
export const SetPointWish = z.object({
  point: z.string().max(80),
  value: z.number(),
  revertAfterMs: z.int().optional(),
  rampPerSecond: z.number().optional(),
});
export type SetPointWish = z.infer<typeof SetPointWish>;

/** What the profile says may be written to a point. */
export const SetPointRules = z.object({
  point: z.string(),
  unit: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  step: z.number().optional(),
  /** A point of the device that holds the maximum. */
  maxFrom: z.string().optional(),
  /** The only values that are taken, where they are few. */
  allowed: z.array(z.object({ value: z.number(), label: z.string().optional() })).optional(),
  /** Points that have to hold these values for the set-point to work. */
  requires: z
    .array(z.object({ point: z.string(), equals: z.number().optional(), bit: z.int().optional() }))
    .optional(),
  /** A point that is switched to this value for it, and back with it: without, the set-point does not count. */
  enabledBy: z.object({ point: z.string(), equals: z.int() }).optional(),
  /** Written to flash: neither ramped nor written often. */
  flash: z.boolean(),
  /** The device itself forgets the value after so long. */
  revertAfterS: z.int().optional(),
  /** Whether the gateway's own file permits it now. */
  permitted: z.boolean(),
  /** The newest value of the point, and its time. */
  current: z.object({ value: Value, at: z.int() }).nullable(),
});
export type SetPointRules = z.infer<typeof SetPointRules>;

export const SetPointList = z.object({
  setPoints: z.array(SetPointRules),
  /** The api knows the device's profile, so that the rules are whole. */
  profileKnown: z.boolean(),
});
export type SetPointList = z.infer<typeof SetPointList>;

/** What would be written, for its orderer to confirm. */
export const SetPointProposal = z.object({
  /** Confirms this and nothing else, by whom it was given to, once. */
  token: z.string(),
  /** Unix milliseconds. */
  validUntil: z.int(),
  wish: SetPointWish,
  rules: SetPointRules,
});
export type SetPointProposal = z.infer<typeof SetPointProposal>;

export const SetPointConfirmation = z.object({ token: z.string().max(100) });
export type SetPointConfirmation = z.infer<typeof SetPointConfirmation>;
