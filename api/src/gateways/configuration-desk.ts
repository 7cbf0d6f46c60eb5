import { type ConfigurationMessage, type GatewayStatus, mostPayloadBytes } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type {
  BesideConfiguration,
  Configurations,
  KeptConfiguration,
  NewConfiguration,
  Records,
} from "@sunledger/store";
import type { OrderLink } from "../commands/order-link.ts";
import { ApiError } from "../errors.ts";

export type ConfigurationDeskParts = {
  readonly configurations: Configurations;
  readonly records: Pick<Records, "gatewayEntry">;
  readonly link: Pick<OrderLink, "configure">;
  readonly clock: Clock;
  readonly log: Scope["log"];
  /** Hears of each gateway that is not as it was. */
  readonly onChange: (organisation: string, gateway: string) => void;
};

/** Brings versions to gateways, and keeps what they make of them. */
export interface ConfigurationDesk {
  /** Keeps the version and sends it. Refuses by an `ApiError` one that is not the next. */
  push(organisation: string, fresh: NewConfiguration, beside?: BesideConfiguration): Promise<void>;
  /**
   * Keeps what a gateway says of its versions; sends the newest again to one that has not got it. One that
   * has lost the version it ran, and was never able to run a newer one, is given that again as the next.
   */
  heard(gateway: string, status: GatewayStatus): Promise<void>;
}

/** A gateway says how it stands every few seconds: it is not told the same thing each time. */
const repeatMs = 30_000;
/** So many versions that came to nothing since the one that ran are looked at. */
const mostTriedSince = 20;

export function configurationDesk(parts: ConfigurationDeskParts): ConfigurationDesk {
  const { configurations, records, link, clock, log, onChange } = parts;
  /** What each gateway said last of its configuration, as text. */
  const said = new Map<string, string>();
  /** The newest version of each gateway, 0 for none, and when it was last sent. */
  const known = new Map<string, number>();
  const sent = new Map<string, number>();

  const send = (fresh: Omit<NewConfiguration, "note">) => {
    known.set(fresh.gateway, fresh.version);
    sent.set(fresh.gateway, clock.now());
    link.configure(fresh.gateway, messageOf(fresh));
  };

  const isBehind = (gateway: string, version: number) =>
    (known.get(gateway) ?? Number.POSITIVE_INFINITY) > version;

  /** A broker forgets what it retained when it is started anew, and so may a gateway whose disk was lost. */
  const repeat = async (organisation: string, gateway: string, pushed: number) => {
    const isRecent = clock.now() - (sent.get(gateway) ?? Number.NEGATIVE_INFINITY) < repeatMs;
    if (isRecent) return;
    const [newest] = await configurations.list({ organisation, gateway, most: 1 });
    known.set(gateway, newest?.version ?? 0);
    if (!newest || newest.version <= pushed) return;
    // It would refuse it once more, or fail with it once more.
    if (isVain(newest)) return void sent.set(gateway, clock.now());
    log.info({ gateway, version: newest.version }, "configuration sent again");
    send(newest);
  };

  /** A version that ran and is nowhere any more is made again; once, where the gateway will not have it. */
  const replaceLost = async (organisation: string, gateway: string, said: GatewayStatus) => {
    if (said.configuration?.source === "platform") return;
    const lost = await configurations.lastApplied(organisation, gateway);
    if (lost?.state !== "applied" || lost.document === null) return;
    const { version, document, by } = lost;
    const query = { organisation, gateway, most: mostTriedSince };
    const since = (await configurations.list(query)).filter((one) => one.version > version);
    const [newest] = since;
    if (!newest || !isVain(newest) || since.some(({ again }) => again === version)) return;
    const next = { gateway, version: newest.version + 1, at: clock.now(), by, note: "" };
    const fresh = { ...next, document, again: version };
    // Of several apis one makes it.
    if ((await configurations.add(organisation, fresh)) !== "kept") return;
    log.warn(
      { gateway, lost: version, version: next.version },
      "configuration was lost, made again",
    );
    send(fresh);
    onChange(organisation, gateway);
  };

  const keep = async (
    organisation: string,
    gateway: string,
    configuration: GatewayStatus["configuration"],
  ) => {
    const { pushed } = configuration ?? {};
    if (pushed) await configurations.report(organisation, gateway, pushed);
    onChange(organisation, gateway);
  };

  return {
    async push(organisation, fresh, beside) {
      if (Buffer.byteLength(JSON.stringify(messageOf(fresh))) > mostPayloadBytes - 1_024) {
        throw new ApiError("request.tooLarge", "A configuration has to fit into one message.");
      }
      const outcome = await configurations.add(organisation, fresh, beside);
      if (outcome === "notNext") {
        const detail = `Version ${fresh.version} is not the next: somebody else changed it.`;
        throw new ApiError("gateways.versionTaken", detail);
      }
      if (outcome === "rolloutChanged") {
        throw new ApiError("rollouts.changed", "Somebody else changed the roll-out just now.");
      }
      if (outcome !== "kept") {
        const detail = `The plant has a device ${outcome.tagTaken} already.`;
        throw new ApiError("devices.tagTaken", detail);
      }
      send(fresh);
      onChange(organisation, fresh.gateway);
    },

    async heard(gateway, status) {
      const { state, configuration } = status;
      if (state !== "online") return;
      const text = JSON.stringify(configuration ?? null);
      const isNews = said.get(gateway) !== text;
      const version = configuration?.pushed?.version ?? 0;
      if (!isNews && !isBehind(gateway, version)) return;
      const owner = (await records.gatewayEntry(gateway))?.organisation;
      if (owner === undefined) return;
      if (isBehind(gateway, version)) await repeat(owner, gateway, version);
      if (isNews) {
        await keep(owner, gateway, configuration);
        await replaceLost(owner, gateway, status);
      }
      said.set(gateway, text);
    },
  };
}

/** Its gateway could do nothing with it. */
export function isVain({ state }: Pick<KeptConfiguration, "state">): boolean {
  return state === "refused" || state === "rolledBack";
}

function messageOf(fresh: Omit<NewConfiguration, "note">): ConfigurationMessage {
  const { version, at, by, document } = fresh;
  return { v: 1, version, at, by, document: document === null ? null : { ...document } };
}
