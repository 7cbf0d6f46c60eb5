import * as z from "zod";
import { OrderedBy } from "../telemetry/command.ts";

/** What people do that is written down. */
export const AuditAction = z.enum([
  "rate",
  "makeVersion",
  "beginRollout",
  "stopRollout",
  "resumeRollout",
  "takeBackRollout",
  "order",
]);
export type AuditAction = z.infer<typeof AuditAction>;

const Content = z.record(z.string(), z.unknown()).nullable();

/** Who did what, when and from where, with what it was before and after; it is never changed. */
export const AuditEntry = z.object({
  /** A later one has a higher number. */
  number: z.int().positive(),
  /** Unix milliseconds. */
  at: z.int(),
  by: OrderedBy,
  /** The address that the request came from. */
  address: z.string().optional(),
  action: AuditAction,
  subject: z.object({
    kind: z.enum(["device", "gateway", "rollout"]),
    id: z.string(),
    /** What people call it, where that is not its id. */
    name: z.string().optional(),
  }),
  /** Null where there was nothing. */
  before: Content,
  after: Content,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const AuditPage = z.object({
  entries: z.array(AuditEntry),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type AuditPage = z.infer<typeof AuditPage>;
