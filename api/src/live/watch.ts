import { randomUUID } from "node:crypto";
import type { GatewayCommand } from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";

const everyMs = 20_000;
const lastsMs = 45_000;

export type WatchParts = {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The gateways whose plants somebody looks at now. */
  readonly watched: () => Iterable<string>;
  readonly command: (gateway: string, command: GatewayCommand) => Promise<void>;
  readonly onError: (error: unknown, gateway: string) => void;
};

/** Keeps gateways sending each slot at once as long as somebody looks. The answer asks one at once. */
export function watchGateways(parts: WatchParts): (gateway: string) => void {
  const { clock, signal, watched, command, onError } = parts;

  const ask = (gateway: string) => {
    const until = clock.now() + lastsMs;
    void command(gateway, { v: 1, id: randomUUID(), name: "watch", until }).catch((error) =>
      onError(error, gateway),
    );
  };
  clock.every(everyMs, () => new Set(watched()).forEach(ask), signal);
  return ask;
}
