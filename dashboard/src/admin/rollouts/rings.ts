import type { GatewayDetail, Rollout, RolloutStep } from "@sunledger/model";

/** How many rings one may choose from. */
export const mostRings = 5;

/** The gateways of each ring, in the order of the rings; 0 is no ring, and a ring without gateways none. */
export function ringsOf(chosen: ReadonlyMap<string, number>): string[][] {
  const byRing = Map.groupBy(
    [...chosen].filter(([, ring]) => ring > 0),
    ([, ring]) => ring,
  );
  return [...byRing]
    .sort(([a], [b]) => a - b)
    .map(([, gateways]) => gateways.map(([gateway]) => gateway).sort());
}

/** A first proposal: one gateway alone, then the others; one that nobody has heard yet would hold them up. */
export function proposedRings(
  gateways: readonly Pick<GatewayDetail, "id" | "heardAt">[],
): Map<string, number> {
  const heard = gateways.filter(({ heardAt }) => heardAt !== null);
  return new Map(heard.map(({ id }, i) => [id, i === 0 ? 1 : 2]));
}

/** What may be done with a roll-out now. */
export function mayDo({ state, steps }: Pick<Rollout, "state" | "steps">) {
  const isTakenBack = state === "takingBack" || state === "takenBack";
  return {
    stop: state === "running",
    resume: state === "stopped" || state === "failed",
    takeBack: isTakenBack
      ? steps.some((step) => step.back && step.state === "failed")
      : steps.some((step) => step.version !== undefined),
  };
}

/** How far a gateway is, to who reads it: what is taken back, or over, is not waited for any more. */
export function wordOf(
  { state }: Pick<RolloutStep, "state">,
  rollout: Pick<Rollout, "state">,
): RolloutStep["state"] | "left" {
  const isOver = rollout.state === "takingBack" || rollout.state === "takenBack";
  return isOver && (state === "waiting" || state === "asked") ? "left" : state;
}

/** When the next ring begins, if all goes well; `undefined` while that is not known. */
export function nextRingAt({ state, soakFrom, soakMs, ring, steps }: Rollout): number | undefined {
  const isLast = steps.every((step) => step.ring <= ring);
  if (state !== "running" || soakFrom === undefined || isLast) return undefined;
  return soakFrom + soakMs;
}

/** Seconds, typed with a point or a comma, as a gateway takes them: tenths of a second; else `undefined`. */
export function msOfSeconds(typed: string): number | undefined {
  const ms = Math.round(Number(typed.trim().replace(",", ".")) * 1_000);
  return typed.trim() !== "" && ms >= 100 && ms % 100 === 0 ? ms : undefined;
}
