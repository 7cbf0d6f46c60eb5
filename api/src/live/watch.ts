import { randomUUID } from "node:crypto";
import type { WatchCommand } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";

const everyMs = 20_000;
const lastsMs = 45_000;
/** A gateway that nobody watches gathers so long before it sends. */
const lingerMs = 10_000;
/** What was gathered before the watch began has arrived after so long. */
const settlingMs = lingerMs + 2_000;

export type WatchParts = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly command: (gateway: string, command: WatchCommand) => Promise<void>;
  readonly onError: (error: unknown, gateway: string) => void;
};

/** Keeps gateways sending each slot at once as long as somebody looks. */
export interface Watch {
  /** From now on these gateways' plants are looked at all the time. */
  keep(watched: () => Iterable<string>): void;
  /** Somebody looks at the gateway's plant now. */
  look(gateway: string): void;
  /** The gateway is there again, and knows nothing of who looks. */
  came(gateway: string): void;
  /** How old, besides, a good value of the gateway may be: it may still be gathered there. */
  slackOf(gateway: string): number;
}

type Asked = { readonly since: number; readonly at: number };

export function watchGateways(parts: WatchParts): Watch {
  const { clock, signal, command, onError } = parts;
  const asked = new Map<string, Asked>();

  const lastAsk = (gateway: string): Asked | undefined => {
    const last = asked.get(gateway);
    return last && last.at + lastsMs > clock.now() ? last : undefined;
  };

  const ask = (gateway: string) => {
    const at = clock.now();
    asked.set(gateway, { since: lastAsk(gateway)?.since ?? at, at });
    const until = at + lastsMs;
    void command(gateway, { v: 1, id: randomUUID(), what: { kind: "watch", until } }).catch(
      (error) => onError(error, gateway),
    );
  };

  return {
    keep: (watched) => clock.every(everyMs, () => new Set(watched()).forEach(ask), signal),

    look(gateway) {
      const last = lastAsk(gateway);
      if (!last || clock.now() - last.at >= everyMs) ask(gateway);
    },

    came(gateway) {
      if (lastAsk(gateway)) ask(gateway);
    },

    slackOf(gateway) {
      const last = lastAsk(gateway);
      return last && clock.now() - last.since >= settlingMs ? 0 : lingerMs;
    },
  };
}
