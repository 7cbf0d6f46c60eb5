import type { Configurations, DeviceToCome, KeptConfiguration } from "./configurations.ts";
import type { MemoryAudit } from "./memory-audit.ts";
import type { Rollouts } from "./rollouts.ts";

type MemoryParts = {
  /** Registers devices as `Configurations.add` has to: all of them, or none and the tag that is taken. */
  readonly register: (organisation: string, devices: readonly DeviceToCome[]) => string | undefined;
  /** Removes such of these tags as nothing has come of. */
  readonly unregister: (organisation: string, gateway: string, tags: readonly string[]) => void;
  readonly rollouts: Pick<Rollouts, "one">;
  readonly audit?: MemoryAudit;
};

/** Keeps configurations for the life of the process: for tests. */
export function memoryConfigurations({
  register,
  unregister,
  rollouts,
  audit,
}: MemoryParts): Configurations {
  const kept = new Map<string, KeptConfiguration[]>();
  /** The newest version that each gateway has ever said to be applied. */
  const applied = new Map<string, number>();
  /** The tags that each version has registered. */
  const registered = new Map<string, readonly string[]>();
  /** The oldest first. */
  const of = (organisation: string, gateway: string) =>
    kept.get(`${organisation}/${gateway}`) ?? [];

  return {
    async add(organisation, fresh, { devices = [], rollout, entry } = {}) {
      const made = rollout && (await rollouts.one(organisation, rollout.id));
      if (made?.revision !== rollout?.revision) return "rolloutChanged";
      const before = of(organisation, fresh.gateway);
      if (fresh.version !== (before.at(-1)?.version ?? 0) + 1) return "notNext";
      const tagTaken = register(organisation, devices);
      if (tagTaken !== undefined) return { tagTaken };
      kept.set(`${organisation}/${fresh.gateway}`, [...before, { ...fresh, state: "sent" }]);
      registered.set(
        `${organisation}/${fresh.gateway}/${fresh.version}`,
        devices.map(({ tag }) => tag),
      );
      audit?.note(organisation, entry);
      return "kept";
    },

    async list({ organisation, gateway, before = Number.POSITIVE_INFINITY, most }) {
      return of(organisation, gateway)
        .filter(({ version }) => version < before)
        .reverse()
        .slice(0, most);
    },

    one: async (organisation, gateway, version) =>
      of(organisation, gateway).find((one) => one.version === version),

    lastApplied: async (organisation, gateway) => {
      const version = applied.get(`${organisation}/${gateway}`);
      return of(organisation, gateway).find((one) => one.version === version);
    },

    async report(organisation, gateway, { version, state, at, reasons }) {
      const all = of(organisation, gateway);
      const index = all.findIndex((one) => one.version === version);
      const before = all[index];
      if (!before) return false;
      const { reasons: _old, ...rest } = before;
      const key = `${organisation}/${gateway}`;
      if (state === "applied") applied.set(key, Math.max(version, applied.get(key) ?? 0));
      all[index] = { ...rest, state, reportedAt: at, ...(reasons && { reasons }) };
      if (state === "refused") {
        const polled = new Set(all.filter((one) => one.state !== "refused").flatMap(tagsIn));
        const vain = all.flatMap((one) =>
          one.state === "refused" ? (registered.get(`${key}/${one.version}`) ?? []) : [],
        );
        unregister(
          organisation,
          gateway,
          vain.filter((tag) => !polled.has(tag)),
        );
      }
      return true;
    },
  };
}

function tagsIn({ document }: Pick<KeptConfiguration, "document">): readonly unknown[] {
  const { devices } = document ?? {};
  return Array.isArray(devices) ? devices.map(({ tag }) => tag) : [];
}
