import { randomUUID } from "node:crypto";
import type { DeviceReach, NewRollout, Rollout, RolloutAct, RolloutStep } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type { Commands, Configurations, NewAuditEntry, Records, Rollouts } from "@sunledger/store";
import type * as z from "zod";
import { auditEntry } from "../audit/audit-entry.ts";
import type { OrderDesk } from "../commands/order-desk.ts";
import type { GatewayWord } from "../devices/gateway-word.ts";
import { ApiError } from "../errors.ts";
import { type ConfigurationDesk, isVain } from "../gateways/configuration-desk.ts";
import type { Who } from "../identity/identity.ts";
import { isFaulty, type Reaching, takeTurn } from "./ring-turn.ts";
import { stepOn, waitingAgain } from "./step-on.ts";

export type RolloutDeskParts = {
  readonly rollouts: Rollouts;
  readonly configurations: Configurations;
  readonly configurationDesk: Pick<ConfigurationDesk, "push">;
  readonly commands: Pick<Commands, "one">;
  readonly desk: Pick<OrderDesk, "order">;
  readonly records: Pick<Records, "gateways" | "gatewayEntry">;
  readonly word: Pick<GatewayWord, "statusOf">;
  readonly clock: Clock;
  readonly log: Pick<Scope["log"], "warn">;
  /** Hears of each roll-out that is not as it was. */
  readonly onChange: (organisation: string, rollout: string) => void;
};

/** Another api may change a roll-out at the same moment; more often than that it does not. */
const mostTries = 10;

/** So many gateways are asked at a time what they poll: a ring may have a thousand. */
const mostAsked = 50;
/** After so long at most an api knows what another one has begun. */
const lookEveryMs = 10_000;
/** So many versions that came to nothing are looked past. */
const mostInVain = 20;

/** Brings changes to gateways ring by ring. */
export interface RolloutDesk {
  begin(who: Who, wanted: z.output<typeof NewRollout>): Promise<Rollout>;
  /** No further gateway is given the change. */
  stop(who: Who, id: string): Promise<Rollout>;
  /** Goes on where it was stopped, or stopped by itself: what failed is tried again. */
  resume(who: Who, id: string): Promise<Rollout>;
  /**
   * Gives each gateway back what it polled before, unless it has been given something else since. What
   * failed of it is tried again when it is taken back again.
   */
  takeBack(who: Who, id: string, note: string): Promise<Rollout>;
  /** A gateway speaks: what is open of its organisation goes on, after a restart as well. */
  heard(gateway: string): Promise<void>;
  /** Does what is due. */
  tick(): Promise<void>;
}

export function rolloutDesk(parts: RolloutDeskParts): RolloutDesk {
  const { rollouts, configurations, configurationDesk, commands, clock, log, onChange } = parts;
  /** Organisations of which something is open, and when the others were looked at last. */
  const open = new Set<string>();
  const lookedAt = new Map<string, number>();
  const known = new Set<string>();
  /** Where the next turn of those who are asked begins. */
  let asked = 0;
  /** What is done last of each roll-out: one thing after the other. */
  const queues = new Map<string, Promise<unknown>>();

  const inTurn = <T>(id: string, task: () => Promise<T>): Promise<T> => {
    const done = (queues.get(id) ?? Promise.resolve()).then(task);
    const settled = done.then(
      () => {},
      () => {},
    );
    queues.set(id, settled);
    void settled.then(() => {
      if (queues.get(id) === settled) queues.delete(id);
    });
    return done;
  };

  const one = async (organisation: string, id: string): Promise<Rollout> => {
    const found = await rollouts.one(organisation, id);
    if (found) return found;
    throw new ApiError("rollouts.unknown", `There is no roll-out ${id}.`);
  };

  /** `undefined` where another api has changed it just now. */
  const save = async (
    organisation: string,
    next: Rollout,
    entry?: NewAuditEntry,
  ): Promise<Rollout | undefined> => {
    const saved = { ...next, revision: next.revision + 1 };
    if (!(await rollouts.save(organisation, saved, entry))) return undefined;
    open.add(organisation);
    onChange(organisation, saved.id);
    return saved;
  };

  /** What somebody wants is done with what the roll-out has become meanwhile. */
  const change = async (
    who: Who,
    id: string,
    become: (rollout: Rollout) => Rollout | undefined | Promise<Rollout | undefined>,
  ): Promise<Rollout> => {
    const organisation = who.organisation.id;
    for (let tries = 0; tries < mostTries; tries++) {
      const rollout = await one(organisation, id);
      const next = await become(rollout);
      if (!next) return rollout;
      const saved = await save(organisation, next, entryOf(who, rollout, next));
      if (saved) return saved;
    }
    throw new ApiError("rollouts.changed", "Somebody else changed it just now: look again.");
  };

  const reachingOf = async (organisation: string): Promise<Reaching> => {
    const gateways = new Map((await parts.records.gateways(organisation)).map((of) => [of.id, of]));
    return (id) => {
      const gateway = gateways.get(id);
      const status = gateway && parts.word.statusOf(gateway);
      if (status?.state !== "online") return undefined;
      const { devices = {}, configuration } = status;
      const isReached = ({ state }: DeviceReach) => state === "reachable" || state === "asleep";
      return {
        reached: Object.values(devices).filter(isReached).length,
        ofFile: configuration?.source === "file",
        hasOtherFile: (configuration?.drift ?? []).length > 0,
      };
    };
  };

  /** Those who wait and can be asked, in turn: some of them may go on waiting for long. */
  const askedNow = ({ steps, ring }: Rollout, reaching: Reaching): ReadonlySet<RolloutStep> => {
    const waiting = steps.filter((step) => {
      return step.ring === ring && step.state === "waiting" && reaching(step.gateway);
    });
    const from = waiting.length > mostAsked ? asked % waiting.length : 0;
    asked = from + mostAsked;
    return new Set([...waiting.slice(from), ...waiting.slice(0, from)].slice(0, mostAsked));
  };

  const goOn = async (organisation: string, rollout: Rollout): Promise<Rollout> => {
    const reaching = await reachingOf(organisation);
    const now = clock.now();
    const order = (gateway: string, what: Parameters<OrderDesk["order"]>[2]) =>
      parts.desk.order(inTheNameOf(rollout, organisation), gateway, what, { wrote: "elsewhere" });
    const asking = askedNow(rollout, reaching);
    const steps = await Promise.all(
      rollout.steps.map((step) => {
        const isItsTurn = rollout.state === "running" && step.ring === rollout.ring;
        const isDue = step.state === "sent" || step.state === "takingBack" || isItsTurn;
        if (!isDue) return step;
        const isLater = step.state === "waiting" && reaching(step.gateway) && !asking.has(step);
        if (isLater) return step;
        return stepOn(step, {
          ...{ commands, configurations, configurationDesk, order, reaching },
          ...{ organisation, rollout, now },
        });
      }),
    );
    const next = takeTurn({ ...rollout, steps }, now, reaching);
    if (JSON.stringify(next) === JSON.stringify(rollout)) return rollout;
    const saved = await save(organisation, next);
    if (!saved) return rollout;
    // Written down first, sent afterwards: whatever ends this program in between loses no version.
    const isToSend = steps.some(
      ({ state }, i) => state === "sent" && rollout.steps[i]?.state !== "sent",
    );
    return isToSend ? goOn(organisation, saved) : saved;
  };

  /** A gateway that has the change is watched again; any other that failed is asked again. */
  const again = async (organisation: string, step: RolloutStep): Promise<RolloutStep> => {
    const { gateway, version } = step;
    const now = clock.now();
    if (step.state === "asked") return waitingAgain(step, now);
    if (!isFaulty(step)) return step;
    if (step.state !== "failed" || version === undefined) return waitingAgain(step, now);
    const newest = await newestOver(organisation, gateway, version);
    // Another version stands above it, which may have been built on it: it tells what it polls now.
    if (newest === undefined) return waitingAgain({ ...step, state: "waiting" }, now);
    const { reasons: _, ...rest } = step;
    return { ...rest, state: "applied", since: now, ...(newest > version && { back: newest }) };
  };

  /** The newest version of a gateway that runs this one: all after it came to nothing. */
  const newestOver = async (organisation: string, gateway: string, version: number) => {
    const versions = await configurations.list({ organisation, gateway, most: mostInVain });
    const own = versions.findIndex((one) => one.version === version);
    const isRunning = versions[own]?.state === "applied" && versions.slice(0, own).every(isVain);
    return isRunning ? versions[0]?.version : undefined;
  };

  const actOf = ({ user: { id, name } }: Who, what: RolloutAct["what"]): RolloutAct => {
    return { what, at: clock.now(), by: { id, name } };
  };

  return {
    async begin(who, { note, change, soakMinutes, rings }) {
      const organisation = who.organisation.id;
      const own = new Set((await parts.records.gateways(organisation)).map(({ id }) => id));
      const foreign = rings.flat().find((gateway) => !own.has(gateway));
      if (foreign !== undefined) {
        throw new ApiError("gateways.unknown", `There is no gateway ${foreign}.`);
      }
      const now = clock.now();
      const steps = rings.flatMap((gateways, ring) =>
        gateways.map((gateway) => waitingAgain({ gateway, ring }, now)),
      );
      const acts = [actOf(who, "begin")];
      const by = { id: who.user.id, name: who.user.name };
      const rollout: Rollout = {
        ...{ id: randomUUID(), at: now, by, note, change, soakMs: soakMinutes * 60_000, acts },
        ...{ state: "running", ring: 0, steps, revision: 0 },
      };
      await rollouts.add(organisation, rollout, entryOf(who, undefined, rollout));
      open.add(organisation);
      onChange(organisation, rollout.id);
      return rollout;
    },

    stop: (who, id) =>
      inTurn(id, () =>
        change(who, id, (rollout) => {
          if (rollout.state !== "running") return undefined;
          return { ...rollout, state: "stopped", acts: [...rollout.acts, actOf(who, "stop")] };
        }),
      ),

    resume: (who, id) =>
      inTurn(id, () =>
        change(who, id, async (rollout) => {
          if (rollout.state !== "stopped" && rollout.state !== "failed") return undefined;
          const { soakFrom: _, ...before } = rollout;
          const steps = await Promise.all(
            before.steps.map((step) => again(who.organisation.id, step)),
          );
          const acts = [...before.acts, actOf(who, "resume")];
          return { ...before, state: "running", steps, acts };
        }),
      ),

    takeBack: (who, id, note) =>
      inTurn(id, async () => {
        const organisation = who.organisation.id;
        const by = { id: who.user.id, name: who.user.name };
        const now = clock.now();
        const begun = await change(who, id, (rollout) => {
          const steps = rollout.steps.map((step) => toTakeBack(step, rollout, now));
          const isAny = steps.some((step, i) => step !== rollout.steps[i]);
          const isOver = rollout.state === "takenBack" || rollout.state === "takingBack";
          if (isOver && !isAny) return undefined;
          const acts = [...rollout.acts, actOf(who, "takeBack")];
          return { ...rollout, state: "takingBack", takeBack: { by, note }, steps, acts };
        });
        return goOn(organisation, begun);
      }),

    async heard(gateway) {
      if (known.has(gateway)) return;
      known.add(gateway);
      const owner = (await parts.records.gatewayEntry(gateway))?.organisation;
      if (owner === undefined) return;
      open.add(owner);
      if (!lookedAt.has(owner)) lookedAt.set(owner, clock.now());
    },

    async tick() {
      const now = clock.now();
      const due = [...lookedAt].flatMap(([each, at]) => (now - at >= lookEveryMs ? [each] : []));
      for (const organisation of new Set([...open, ...due])) {
        lookedAt.set(organisation, now);
        try {
          await goOnIn(organisation);
        } catch (err) {
          log.warn({ err, organisation }, "roll-outs do not go on");
        }
      }
    },
  };

  async function goOnIn(organisation: string): Promise<void> {
    // Before the question: what begins meanwhile adds it again.
    open.delete(organisation);
    try {
      const due = await rollouts.open(organisation);
      if (due.length > 0) open.add(organisation);
      for (const { id } of due) {
        await inTurn(id, async () => goOn(organisation, await one(organisation, id)));
      }
    } catch (error) {
      open.add(organisation);
      throw error;
    }
  }
}

/** The step as it is when its gateway is to have back what it polled before; the same where it never had it. */
function toTakeBack(step: RolloutStep, { state }: Rollout, now: number): RolloutStep {
  const { version, back, reasons: _, ...rest } = step;
  const isBegun = state === "takingBack" || state === "takenBack";
  const isMeant = isBegun
    ? step.state === "failed" && back !== undefined
    : step.state !== "waiting";
  if (version === undefined || !isMeant) return step;
  return { ...rest, version, state: "takingBack", since: now, back: (back ?? version) + 1 };
}

/** Its orders are given in the name of who began it, as an administrator: nobody else may. */
function inTheNameOf({ by }: Rollout, organisation: string): Who {
  return {
    session: "",
    user: { ...by, email: "", language: null, theme: null },
    organisation: { id: organisation, name: "" },
    role: "administrator",
  };
}

const actions = {
  begin: "beginRollout",
  stop: "stopRollout",
  resume: "resumeRollout",
  takeBack: "takeBackRollout",
} as const;

/** What somebody has just done with it, as it is written down. */
function entryOf(who: Who, before: Rollout | undefined, after: Rollout): NewAuditEntry | undefined {
  const act = after.acts.at(-1);
  if (!act) return undefined;
  const { id, note, change, soakMs, steps, state } = after;
  const rings = Map.groupBy(steps, (step) => step.ring);
  const begun = { change, soakMs, rings: [...rings.values()].map(gatewaysOf) };
  const why = act.what === "takeBack" && after.takeBack ? { note: after.takeBack.note } : {};
  return auditEntry(who, act.at, {
    ...{ action: actions[act.what], subject: { kind: "rollout", id, ...(note && { name: note }) } },
    before: before ? { state: before.state } : null,
    after: { state, ...(before ? why : begun) },
  });
}

function gatewaysOf(steps: readonly RolloutStep[]): string[] {
  return steps.map(({ gateway }) => gateway);
}
