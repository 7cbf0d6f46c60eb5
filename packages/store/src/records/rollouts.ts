import type { Rollout } from "@sunledger/model";
import type { NewAuditEntry } from "./audit.ts";

/** Roll-outs of changes in rings. Every implementation passes `rolloutsContract`. */
export interface Rollouts {
  /** Keeps a new one, and who begins it. */
  add(organisation: string, rollout: Rollout, entry?: NewAuditEntry): Promise<void>;
  one(organisation: string, id: string): Promise<Rollout | undefined>;
  /** The newest first. */
  list(organisation: string, most: number): Promise<readonly Rollout[]>;
  /** Those of which something is still to be done or heard, the oldest first. */
  open(organisation: string): Promise<readonly Rollout[]>;
  /**
   * Keeps what became of one, and who did that; `false`, and nothing, when it is not of the revision that
   * follows the kept one.
   */
  save(organisation: string, rollout: Rollout, entry?: NewAuditEntry): Promise<boolean>;
}

/** Whether something is still to be done, or to be heard of a gateway that has been sent a version. */
export function isOpen({ state, steps }: Pick<Rollout, "state" | "steps">): boolean {
  if (state === "running" || state === "takingBack") return true;
  return steps.some((step) => step.state === "sent");
}
