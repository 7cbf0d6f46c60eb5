import { randomUUID } from "node:crypto";
import type { NewRollout, Rollout, RolloutStep } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type { Commands, Configurations, Records, Rollouts } from "@sunledger/store";
import type * as z from "zod";
import type { OrderDesk } from "../commands/order-desk.ts";
import type { GatewayWord } from "../devices/gateway-word.ts";
import { ApiError } from "../errors.ts";
import type { ConfigurationDesk } from "../gateways/configuration-desk.ts";
import type { Who } from "../identity/identity.ts";
import { isFaulty, type Reaching, takeTurn } from "./ring-turn.ts";
import { documentOf, stepOn, waitingAgain } from "./step-on.ts";

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

/** Brings changes to gateways ring by ring. */
export interface RolloutDesk {
  begin(who: Who, wanted: z.output<typeof NewRollout>): Promise<Rollout>;
  /** No further gateway is given the change. */
  stop(organisation: string, id: string): Promise<Rollout>;
  /** Goes on where it was stopped, or stopped by itself: what failed is tried again. */
  resume(organisation: string, id: string): Promise<Rollout>;
  /** Gives each gateway back what it polled before, unless it has been given something else since. */
  takeBack(who: Who, id: string, note: string): Promise<Rollout>;
  /** A gateway speaks: what is open of its organisation goes on, after a restart as well. */
  heard(gateway: string): Promise<void>;
  /** Does what is due. */
  tick(): Promise<void>;
}

export function rolloutDesk(parts: RolloutDeskParts): RolloutDesk {
  const { rollouts, configurations, configurationDesk, commands, clock, log, onChange } = parts;
  /** Organisations of which something is open, and gateways whose organisation is known. */
  const open = new Set<string>();
  const known = new Set<string>();
  /** Roll-outs that are being taken back: nothing else moves them meanwhile. */
  const held = new Set<string>();

  const one = async (organisation: string, id: string): Promise<Rollout> => {
    const found = await rollouts.one(organisation, id);
    if (found) return found;
    throw new ApiError("rollouts.unknown", `There is no roll-out ${id}.`);
  };

  const save = async (organisation: string, next: Rollout): Promise<Rollout> => {
    const saved = { ...next, revision: next.revision + 1 };
    if (!(await rollouts.save(organisation, saved))) {
      throw new ApiError("rollouts.changed", "Somebody else changed it just now: look again.");
    }
    open.add(organisation);
    onChange(organisation, saved.id);
    return saved;
  };

  const reachingOf = async (organisation: string): Promise<Reaching> => {
    const gateways = new Map((await parts.records.gateways(organisation)).map((of) => [of.id, of]));
    return (id) => {
      const gateway = gateways.get(id);
      const status = gateway && parts.word.statusOf(gateway);
      if (status?.state !== "online") return undefined;
      const reaches = Object.values(status.devices ?? {});
      return reaches.filter(({ state }) => state === "reachable" || state === "asleep").length;
    };
  };

  const goOn = async (organisation: string, rollout: Rollout): Promise<void> => {
    const reaching = await reachingOf(organisation);
    const now = clock.now();
    const order = (gateway: string, what: Parameters<OrderDesk["order"]>[2]) =>
      parts.desk.order(inTheNameOf(rollout, organisation), gateway, what);
    const steps = await Promise.all(
      rollout.steps.map((step) => {
        const isDue =
          step.state === "sent" || (rollout.state === "running" && step.ring === rollout.ring);
        if (!isDue) return step;
        return stepOn(step, {
          ...{ commands, configurations, configurationDesk, order, reaching },
          ...{ organisation, rollout, now },
        });
      }),
    );
    const next = takeTurn({ ...rollout, steps }, now, reaching);
    if (JSON.stringify(next) !== JSON.stringify(rollout)) await save(organisation, next);
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
      const by = { id: who.user.id, name: who.user.name };
      const rollout: Rollout = {
        ...{ id: randomUUID(), at: now, by, note, change, soakMs: soakMinutes * 60_000 },
        ...{ state: "running", ring: 0, steps, revision: 0 },
      };
      await rollouts.add(organisation, rollout);
      open.add(organisation);
      onChange(organisation, rollout.id);
      return rollout;
    },

    async stop(organisation, id) {
      const rollout = await one(organisation, id);
      if (rollout.state !== "running") return rollout;
      return save(organisation, { ...rollout, state: "stopped" });
    },

    async resume(organisation, id) {
      const rollout = await one(organisation, id);
      if (rollout.state !== "stopped" && rollout.state !== "failed") return rollout;
      const { soakFrom: _, ...before } = rollout;
      const again = (step: RolloutStep) =>
        isFaulty(step) ? waitingAgain(step, clock.now()) : step;
      return save(organisation, {
        ...before,
        state: "running",
        steps: before.steps.map(again),
      });
    },

    async takeBack(who, id, note) {
      const organisation = who.organisation.id;
      const rollout = await one(organisation, id);
      if (rollout.state === "takenBack") return rollout;
      // First of all nobody else is given the change any more.
      held.add(id);
      try {
        const stopped = await save(organisation, { ...rollout, state: "takenBack" });
        const by = { id: who.user.id, name: who.user.name };
        const steps: RolloutStep[] = [];
        for (const step of stopped.steps) {
          steps.push(await takenBack(step, { organisation, by, note }));
        }
        return await save(organisation, { ...stopped, steps });
      } finally {
        held.delete(id);
      }
    },

    async heard(gateway) {
      if (known.has(gateway)) return;
      known.add(gateway);
      const owner = (await parts.records.gatewayEntry(gateway))?.organisation;
      if (owner !== undefined) open.add(owner);
    },

    async tick() {
      for (const organisation of open) {
        try {
          await goOnIn(organisation);
        } catch (err) {
          const isTaken = err instanceof ApiError && err.code === "rollouts.changed";
          if (!isTaken) log.warn({ err, organisation }, "roll-outs do not go on");
        }
      }
    },
  };

  async function goOnIn(organisation: string): Promise<void> {
    const due = await rollouts.open(organisation);
    if (due.length === 0) open.delete(organisation);
    for (const rollout of due) {
      if (!held.has(rollout.id)) await goOn(organisation, rollout);
    }
  }

  async function takenBack(
    step: RolloutStep,
    { organisation, by, note }: { organisation: string; by: Rollout["by"]; note: string },
  ): Promise<RolloutStep> {
    const { gateway, version, command } = step;
    const now = clock.now();
    if (version === undefined || command === undefined) return step;
    const [newest] = await configurations.list({ organisation, gateway, most: 1 });
    if (newest?.version !== version) {
      return { ...step, reasons: [`version ${newest?.version} stands: it is left as it is`] };
    }
    const document = documentOf(await commands.one(organisation, command));
    if (!document) return step;
    const fresh = { gateway, version: version + 1, document, at: now, by, note };
    await configurationDesk.push(organisation, fresh);
    return { ...step, state: "takenBack", since: now };
  }
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
