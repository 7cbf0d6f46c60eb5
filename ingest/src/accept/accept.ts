import type { KeptEvent } from "@sunledger/model";
import type { Scope } from "@sunledger/runtime";
import type { FrameBatch, GatewayEntry } from "@sunledger/store";
import type { Directory } from "../gateways/directory.ts";
import { type Head, readHead } from "./head.ts";
import type { HouseTime } from "./house-time.ts";
import {
  type Judged,
  judge,
  type Refusal,
  refusedBatch,
  type Sender,
  unreadableBatch,
} from "./judge.ts";
import { keptPayload } from "./kept-payload.ts";
import type { Layouts } from "./layouts.ts";

/** One message as it came, before anything of it was read. */
export type Arrived = {
  readonly gateway: string;
  readonly payload: Uint8Array;
  /** Of one who is no gateway of ours, and of which no values could be made. */
  readonly refusal?: Refusal;
};

export type Accepted = {
  readonly sender: Sender;
  readonly batch: FrameBatch;
  /** Events that come with it, and the ids of those that were quarantined. */
  readonly events: readonly KeptEvent[];
  readonly refused: readonly string[];
  /** Layouts of quarantined rows that cannot be used, and why. */
  readonly refusedLayouts: ReadonlyMap<string, string>;
  /** The layouts that rows of the message wait for. */
  readonly waiting: readonly string[];
  /** How many rows those are. */
  readonly waitingRows: number;
  /** How many rows and events stay with the gateway while the house's clock is doubted. */
  readonly left: number;
  /** What the message weighed, and what quarantine keeps of it. */
  readonly bytes: number;
};

export type AcceptParts = {
  readonly directory: Directory;
  readonly layouts: Layouts;
  readonly time: Pick<HouseTime, "now" | "isDoubted">;
  readonly log: Scope["log"];
};

/**
 * Turns a message into what is to be committed; `undefined` when nobody knows its gateway. Throws
 * only while records or store are away: the message is then to be offered again.
 */
export function accepting({ directory, layouts, time, log }: AcceptParts) {
  const read = async (head: Head & { ok: true }, sender: GatewayEntry): Promise<Accepted> => {
    await layouts.seek(new Set(head.message.groups.map(({ layout }) => layout)));
    const refusalOf = (hash: string) => layouts.refusalOf(sender.id, hash);
    const judgeBy = (by: Sender): Judged =>
      judge(
        head.message,
        by,
        { of: layouts.of, refusalOf },
        {
          now: time.now(),
          isDoubted: () => time.isDoubted(sender.id),
        },
      );
    const judged = judgeBy(sender);
    const renewed = judged.hasUnknownDevice ? await directory.renewed(sender) : sender;
    const { waiting, ...rest } = renewed === sender ? judged : judgeBy(renewed);
    const { batch, events, refused, refusedLayouts, left } = rest;
    const waitingRows = [...waiting.values()].reduce((sum, rows) => sum + rows, 0);
    const accepted = { sender: renewed, batch, events, refused, refusedLayouts, left };
    return { ...accepted, waiting: [...waiting.keys()], waitingRows, bytes: 0 };
  };

  const nothing = { events: [], refused: [], waiting: [], waitingRows: 0, left: 0, bytes: 0 };

  return async ({ gateway, payload, refusal }: Arrived): Promise<Accepted | undefined> => {
    const sender = await directory.sender(gateway);
    if (!sender) return undefined;
    if (refusal) {
      const batch = refusedBatch(refusal, sender, time.now());
      return contained({ sender, batch, ...nothing, refusedLayouts: new Map() }, payload);
    }
    const head = readHead(payload, gateway);
    if (head.ok) return contained(await read(head, sender), payload);
    log.warn({ gateway, reason: head.reason, bytes: payload.length }, "message quarantined");
    const batch = unreadableBatch(payload, head.reason, sender, time.now());
    return contained({ sender, batch, ...nothing, refusedLayouts: new Map() }, payload);
  };
}

/** With its quarantined payloads as they are kept. */
function contained(accepted: Accepted, { length }: Uint8Array): Accepted {
  let bytes = length;
  const quarantined = accepted.batch.quarantined.map((row) => {
    const { payload, keptBytes } = keptPayload(row.payload);
    bytes += keptBytes;
    return { ...row, payload };
  });
  return { ...accepted, batch: { ...accepted.batch, quarantined }, bytes };
}
