import type { Rollout, RolloutStep } from "@sunledger/model";

/** How a gateway is now. */
export type Standing = {
  /** How many devices it reaches, those asleep among them. */
  readonly reached: number;
  /** It lives by its own file. */
  readonly ofFile: boolean;
  /** Its file was changed by hand since it was given what it lives by. */
  readonly hasOtherFile: boolean;
};

/** `undefined` for a gateway that is away. */
export type Reaching = (gateway: string) => Standing | undefined;

const faulty: readonly RolloutStep["state"][] = ["refused", "rolledBack", "failed"];
const reached: readonly RolloutStep["state"][] = ["applied", "unchanged"];

/** Whether the gateway has come to a bad end. */
export function isFaulty({ state }: RolloutStep): boolean {
  return faulty.includes(state);
}

/**
 * Whose turn it is, by how its gateways stand. A gateway that refuses the change, cannot run with it or
 * reaches fewer devices than before stops the roll-out: no further one is given the change. The next ring
 * begins when the one before has run well for as long as was asked.
 */
export function takeTurn(rollout: Rollout, now: number, reaching: Reaching): Rollout {
  const { state, ring, steps, soakMs } = rollout;
  if (state === "takingBack" && steps.every((step) => step.state !== "takingBack")) {
    return { ...rollout, state: "takenBack" };
  }
  if (state !== "running") return rollout;
  if (steps.some(isFaulty)) return { ...rollout, state: "failed" };
  const own = steps.filter((step) => step.ring === ring);
  if (own.some((step) => !reached.includes(step.state))) return rollout;

  const soakFrom = rollout.soakFrom ?? now;
  if (now - soakFrom < soakMs) return { ...rollout, soakFrom };
  const worse = new Map(own.flatMap((step) => reasonOf(step, reaching) ?? []));
  if (worse.size > 0) {
    const judged = steps.map((step): RolloutStep => {
      const reason = worse.get(step.gateway);
      if (reason === undefined) return step;
      return { ...step, state: "failed", since: now, reasons: [reason] };
    });
    return { ...rollout, soakFrom, steps: judged, state: "failed" };
  }
  if (steps.every((step) => step.ring <= ring)) return { ...rollout, soakFrom, state: "done" };
  const { soakFrom: _, ...next } = rollout;
  return { ...next, ring: ring + 1 };
}

/** Why a gateway of the ring is worse off than before. */
function reasonOf(
  { gateway, state, reached: before = 0 }: RolloutStep,
  reaching: Reaching,
): [[string, string]] | undefined {
  if (state === "unchanged") return undefined;
  const now = reaching(gateway)?.reached;
  if (now === undefined) return [[gateway, "it cannot be reached any more"]];
  if (now >= before) return undefined;
  return [[gateway, `it reaches ${now} devices; before it reached ${before}`]];
}
