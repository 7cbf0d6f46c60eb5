import type { Balance, GatewayStatus } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import { balancesOf, type FrameStore } from "@sunledger/store";
import type { Directory } from "./directory.ts";
import type { MissingFrames } from "./missing-frames.ts";

/** Compares what gateways count with what is stored, and says where something is missing (D-13). */
export type Conservation = {
  /** A gateway has just said how it stands. */
  hear(gateway: string, status: GatewayStatus): void;
  /** How many frames of each gateway were acknowledged and are not settled; only those that lack some. */
  missing(): ReadonlyMap<string, number>;
};

export type ConservationParts = {
  readonly directory: Pick<Directory, "sender">;
  readonly frameStore: Pick<FrameStore, "account">;
  /** Keeps for how long they are missing. */
  readonly missingFrames: MissingFrames;
  readonly pace: Pick<Clock, "now">;
  readonly log: Scope["log"];
};

/** Real time between two looks at one gateway. */
const lookEveryMs = 60_000;
const mostRemembered = 20_000;

export function conservation(parts: ConservationParts): Conservation {
  const { directory, frameStore, missingFrames, pace, log } = parts;
  const lookedAt = new Map<string, number>();
  const missing = new Map<string, number>();

  const note = (gateway: string, balances: readonly Balance[]) => {
    const lacking = balances.filter((balance) => balance.missing > 0);
    const count = lacking.reduce((sum, one) => sum + (one.hour === undefined ? one.missing : 0), 0);
    const before = missing.get(gateway) ?? 0;
    if (count > 0) missing.set(gateway, count);
    else missing.delete(gateway);
    if (count > before) log.error({ gateway, lacking }, "frames are missing that were stored once");
    else if (before > 0 && count === 0) log.info({ gateway }, "no frames are missing any more");
  };

  const look = async (gateway: string, status: GatewayStatus) => {
    const sender = await directory.sender(gateway);
    if (!sender) return;
    const { organisation } = sender;
    const balances = await balancesOf(frameStore, { organisation, gateway, status });
    note(gateway, balances);
    await missingFrames.note(organisation, gateway, balances);
  };

  return {
    hear(gateway, status) {
      const now = pace.now();
      if (!status.lanes || now - (lookedAt.get(gateway) ?? -lookEveryMs) < lookEveryMs) return;
      if (lookedAt.size >= mostRemembered) lookedAt.clear();
      lookedAt.set(gateway, now);
      // What is away now is asked at a later status.
      look(gateway, status).catch((err) => log.debug({ gateway, err }, "not compared"));
    },
    missing: () => missing,
  };
}
