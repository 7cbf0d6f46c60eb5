import type { CommandOrder, Rollout, RolloutStep } from "@sunledger/model";
import type {
  Commands,
  Configurations,
  KeptCommand,
  KeptConfiguration,
  NewConfiguration,
} from "@sunledger/store";
import { ApiError } from "../errors.ts";
import type { ConfigurationDesk } from "../gateways/configuration-desk.ts";
import { faultsOfDocument } from "../gateways/judge-document.ts";
import { applyChange, type Document, setByHand } from "./apply-change.ts";
import type { Reaching } from "./ring-turn.ts";

export type StepParts = {
  readonly commands: Pick<Commands, "one">;
  readonly configurations: Pick<Configurations, "list" | "one">;
  readonly configurationDesk: Pick<ConfigurationDesk, "push">;
  /** Gives an order to a gateway in the name of who began the roll-out. */
  readonly order: (gateway: string, what: CommandOrder) => Promise<KeptCommand>;
  readonly reaching: Reaching;
  readonly organisation: string;
  readonly rollout: Pick<
    Rollout,
    "id" | "revision" | "by" | "note" | "change" | "state" | "takeBack"
  >;
  readonly now: number;
};

/** A gateway that has not answered so long after its order expired is asked again. */
const patienceMs = 1_000;

/** Brings one gateway on: asked what it polls, sent its new version, heard of what became of it. */
export async function stepOn(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  try {
    if (step.state === "waiting") return await asked(step, parts);
    if (step.state === "asked") return await told(step, parts);
    if (step.state === "takingBack") return await givenBack(step, parts);
    return step.state === "sent" ? await heard(step, parts) : step;
  } catch (error) {
    // Nobody's fault for good: it is away, or somebody else made a version; it is asked again.
    if (!(error instanceof ApiError)) throw error;
    return stillWaiting(step, error.message, parts.now);
  }
}

async function asked(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  const { configurations, organisation, order, reaching, now } = parts;
  const { gateway } = step;
  const standing = reaching(gateway);
  if (standing === undefined) {
    return stillWaiting(step, `The gateway ${gateway} cannot be reached now.`, now);
  }
  // Before it tells: what somebody pushes in between is not overwritten but refused.
  const [newest] = await configurations.list({ organisation, gateway, most: 1 });
  if (newest?.state === "sent" || newest?.state === "trial") {
    // What it would tell is what ran before that one.
    return stillWaiting(step, `version ${newest.version} is on its way`, now);
  }
  const { id: command } = await order(gateway, { kind: "tell-configuration" });
  const { reasons: _, ...before } = step;
  const { ofFile } = standing;
  // It had the change before: how it stood before that counts.
  const reached = step.version === undefined ? standing.reached : step.reached;
  const known = { command, after: newest?.version ?? 0, reached, ...(ofFile && { ofFile }) };
  return { ...before, state: "asked", since: now, ...known };
}

/** The version is settled here and written down by the caller; `heard` sends it after that. */
async function told(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  const { commands, organisation, rollout, now } = parts;
  const { after = 0, command = "" } = step;
  const answer = await commands.one(organisation, command);
  const { outcome } = answer ?? {};
  if (outcome?.state === "refused" || outcome?.state === "failed") {
    return { ...step, state: "failed", since: now, reasons: [outcome.reason] };
  }
  const document = documentOf(answer);
  if (!document) {
    const isOver = now > (answer?.expiresAt ?? 0) + patienceMs;
    if (!isOver) return step;
    return { ...waitingAgain(step, now), reasons: ["it did not tell what it polls"] };
  }
  const next = applyChange(document, rollout.change);
  // What it was given before is in what it polls by now: it is watched like any that has the change.
  const isGiven = step.version !== undefined;
  if (!next) return { ...step, state: isGiven ? "applied" : "unchanged", since: now };
  const faults = faultsOfDocument(next);
  if (faults.length > 0) {
    const reasons = faults.map(({ path, message }) => `${path}: ${message}`);
    return { ...step, state: "failed", since: now, reasons };
  }
  const reasons = setByHand(document, rollout.change);
  const noted = reasons.length > 0 ? { reasons: [...reasons] } : {};
  return { ...step, state: "sent", since: now, version: after + 1, ...noted };
}

async function heard(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  const { commands, configurations, organisation, rollout, now } = parts;
  const { gateway, version = 0, command = "" } = step;
  let kept = await configurations.one(organisation, gateway, version);
  if (!kept) {
    if (rollout.state !== "running") return waitingAgain(step, now);
    const before = documentOf(await commands.one(organisation, command));
    const document = before && applyChange(before, rollout.change);
    if (!document) return waitingAgain(step, now);
    const { by, note } = rollout;
    const refused = await send({ gateway, version, document, at: step.since, by, note }, parts);
    if (refused) return { ...step, state: "failed", since: now, reasons: [refused] };
    kept = await configurations.one(organisation, gateway, version);
  }
  if (kept?.at !== step.since) {
    return stillWaiting(step, `version ${version} is somebody else's`, now);
  }
  if (kept.state === "applied") return { ...step, state: "applied", since: now };
  if (kept.state === "refused" || kept.state === "rolledBack") {
    return { ...step, state: kept.state, since: now, reasons: [...(kept.reasons ?? [])] };
  }
  const [newest] = await configurations.list({ organisation, gateway, most: 1 });
  if (!newest || newest.version === version) return step;
  const reasons = [`version ${newest.version} was made before it was tried`];
  return { ...step, state: "failed", since: now, reasons };
}

/** Gives a gateway what it polled before; `takenBack` when it polls that. */
async function givenBack(step: RolloutStep, parts: StepParts): Promise<RolloutStep> {
  const { configurations, organisation, now } = parts;
  const { gateway, version = 0, back = 0 } = step;
  const given = await configurations.one(organisation, gateway, version);
  // It was to be sent, and was not.
  if (!given) return waitingAgain(step, now);
  let kept = await configurations.one(organisation, gateway, back);
  if (!kept) {
    const refused = await sendBack(step, parts);
    if (refused) return { ...step, state: "failed", since: now, reasons: [refused] };
    kept = await configurations.one(organisation, gateway, back);
  }
  if (kept && kept.at !== step.since) return leftAsItIs(step, given, now);
  const { reasons: _, ...before } = step;
  if (kept?.state === "applied") return { ...before, state: "takenBack", since: now };
  if (kept?.state === "refused" || kept?.state === "rolledBack") {
    return { ...step, state: "failed", since: now, reasons: [...(kept.reasons ?? [])] };
  }
  const [newest] = await configurations.list({ organisation, gateway, most: 1 });
  if (!newest || newest.version === back) return step;
  const reasons = [`version ${newest.version} was made before it was tried`];
  return { ...step, state: "failed", since: now, reasons };
}

/** Sends what a gateway polled before; why that cannot be. */
async function sendBack(step: RolloutStep, parts: StepParts): Promise<string | undefined> {
  const { commands, organisation, rollout, reaching } = parts;
  const { gateway, back = 0, command = "" } = step;
  const told = documentOf(await commands.one(organisation, command));
  // Its file has the word again, unless that says something else by now.
  const document = step.ofFile && !reaching(gateway)?.hasOtherFile ? null : told;
  if (document === undefined) return "it is not known any more what it polled before";
  const { by, note } = rollout.takeBack ?? rollout;
  return send({ gateway, version: back, document, at: step.since, by, note }, parts);
}

/** Somebody has given the gateway something else since. */
function leftAsItIs(step: RolloutStep, given: KeptConfiguration, now: number): RolloutStep {
  const { back, ...rest } = step;
  const state = given.state === "sent" || given.state === "trial" ? "failed" : given.state;
  return { ...rest, state, since: now, reasons: [`version ${back} stands: it is left as it is`] };
}

/** Keeps and sends a version, unless it is there; why it can never be sent. */
async function send(
  fresh: NewConfiguration,
  { configurationDesk, organisation, rollout: { id, revision } }: StepParts,
): Promise<string | undefined> {
  try {
    await configurationDesk.push(organisation, fresh, { rollout: { id, revision } });
  } catch (error) {
    // Another api has changed the roll-out, as by stopping it: what comes of that is for the next turn.
    if (!(error instanceof ApiError) || error.code === "rollouts.changed") throw error;
    // Whose it is tells the version itself.
    if (error.code !== "gateways.versionTaken") return error.message;
  }
  return undefined;
}

/** What a gateway told that it polled. */
function documentOf(told: KeptCommand | undefined): Document | undefined {
  const { outcome } = told ?? {};
  return outcome?.state === "done" ? outcome.configuration : undefined;
}

/** The gateway as if it had not been asked yet; what it was given before stays known. */
export function waitingAgain(
  step: Pick<RolloutStep, "gateway" | "ring"> & Partial<RolloutStep>,
  now: number,
): RolloutStep {
  const { gateway, ring, state, version, reached, ofFile } = step;
  const isGiven = version !== undefined && (state === "waiting" || state === "asked");
  const given = isGiven && { version, reached, ...(ofFile && { ofFile }) };
  return { gateway, ring, state: "waiting", since: now, ...given };
}

/** Waits for a reason; it is the same step as long as that is the same. */
function stillWaiting(step: RolloutStep, reason: string, now: number): RolloutStep {
  const isSame = step.state === "waiting" && step.reasons?.[0] === reason;
  return isSame ? step : { ...waitingAgain(step, now), reasons: [reason] };
}
