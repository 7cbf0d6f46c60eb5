import type { CommandOrder, Rollout, RolloutStep } from "@sunledger/model";
import type { Commands, Configurations, KeptCommand } from "@sunledger/store";
import { ApiError } from "../errors.ts";
import type { ConfigurationDesk } from "../gateways/configuration-desk.ts";
import { faultsOfDocument } from "../gateways/judge-document.ts";
import { applyChange, type Document } from "./apply-change.ts";
import type { Reaching } from "./ring-turn.ts";

export type StepParts = {
  readonly commands: Pick<Commands, "one">;
  readonly configurations: Pick<Configurations, "list" | "one">;
  readonly configurationDesk: Pick<ConfigurationDesk, "push">;
  /** Gives an order to a gateway in the name of who began the roll-out. */
  readonly order: (gateway: string, what: CommandOrder) => Promise<KeptCommand>;
  readonly reaching: Reaching;
  readonly organisation: string;
  readonly rollout: Pick<Rollout, "by" | "note" | "change">;
  readonly now: number;
};

/** A gateway that has not answered so long after its order expired is asked again. */
const patienceMs = 1_000;

/** Brings one gateway on: asked what it polls, sent its new version, heard of what became of it. */
export async function stepOn(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  try {
    if (step.state === "waiting") return await asked(step, parts);
    if (step.state === "asked") return await sent(step, parts);
    return step.state === "sent" ? await heard(step, parts) : step;
  } catch (error) {
    // Nobody's fault for good: it is away, or somebody else made a version; it is asked again.
    if (!(error instanceof ApiError)) throw error;
    return { ...waitingAgain(step, parts.now), reasons: [error.message] };
  }
}

async function asked(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  const { configurations, organisation, order, reaching, now } = parts;
  const { gateway } = step;
  // Before it tells: what somebody pushes in between is not overwritten but refused.
  const [newest] = await configurations.list({ organisation, gateway, most: 1 });
  const reached = reaching(gateway) ?? 0;
  const { id: command } = await order(gateway, { kind: "tell-configuration" });
  const { reasons: _, ...before } = step;
  return { ...before, state: "asked", since: now, command, after: newest?.version ?? 0, reached };
}

async function sent(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  const { commands, configurationDesk, organisation, rollout, now } = parts;
  const { gateway, after = 0, command = "" } = step;
  const told = await commands.one(organisation, command);
  const { outcome } = told ?? {};
  if (outcome?.state === "refused" || outcome?.state === "failed") {
    return { ...step, state: "failed", since: now, reasons: [outcome.reason] };
  }
  const document = documentOf(told);
  if (!document) {
    const isOver = now > (told?.expiresAt ?? 0) + patienceMs;
    if (!isOver) return step;
    return { ...waitingAgain(step, now), reasons: ["it did not tell what it polls"] };
  }
  const next = applyChange(document, rollout.change);
  if (!next) return { ...step, state: "unchanged", since: now };
  const faults = faultsOfDocument(next);
  if (faults.length > 0) {
    const reasons = faults.map(({ path, message }) => `${path}: ${message}`);
    return { ...step, state: "failed", since: now, reasons };
  }
  const version = after + 1;
  const { by, note } = rollout;
  const fresh = { gateway, version, document: next, at: now, by, note };
  await configurationDesk.push(organisation, fresh);
  return { ...step, state: "sent", since: now, version };
}

async function heard(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  const { configurations, organisation, now } = parts;
  const { gateway, version = 0 } = step;
  const kept = await configurations.one(organisation, gateway, version);
  if (kept?.state === "applied") return { ...step, state: "applied", since: now };
  if (kept?.state === "refused" || kept?.state === "rolledBack") {
    return { ...step, state: kept.state, since: now, reasons: [...(kept.reasons ?? [])] };
  }
  const [newest] = await configurations.list({ organisation, gateway, most: 1 });
  if (!newest || newest.version === version) return step;
  const reasons = [`version ${newest.version} was made before it was tried`];
  return { ...step, state: "failed", since: now, reasons };
}

/** What a gateway told that it polled. */
export function documentOf(told: KeptCommand | undefined): Document | undefined {
  const { outcome } = told ?? {};
  return outcome?.state === "done" ? outcome.configuration : undefined;
}

/** The gateway as if it had not been asked yet. */
export function waitingAgain(
  { gateway, ring }: Pick<RolloutStep, "gateway" | "ring">,
  now: number,
): RolloutStep {
  return { gateway, ring, state: "waiting", since: now };
}
