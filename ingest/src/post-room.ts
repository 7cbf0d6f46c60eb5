import { GatewayStatus, parseGatewayTopic } from "@sunledger/model";
import { type Scope, unpackJson } from "@sunledger/runtime";
import type { HouseTime } from "./accept/house-time.ts";
import type { Layouts } from "./accept/layouts.ts";
import type { Resets } from "./commit/resets.ts";
import type { Conservation } from "./gateways/conservation.ts";
import type { Reports } from "./gateways/reports.ts";

export type PostRoom = {
  /** Whether a gateway is this ingest's to serve. */
  readonly isOwn: (gateway: string) => boolean;
  readonly frames: (gateway: string, payload: Uint8Array) => void;
  readonly layouts: Layouts;
  readonly reports: Reports;
  readonly resets: Resets;
  readonly account: Conservation;
  readonly hearTime: HouseTime["hear"];
  readonly kick: () => void;
  readonly log: Scope["log"];
};

/** Hands each message of a gateway to whom it concerns. */
export function postRoom(room: PostRoom) {
  const { isOwn, frames, layouts, reports, resets, account, hearTime, kick, log } = room;

  const announceLayout = async (gateway: string, hash: string, content: unknown) => {
    const answer = await layouts.announce(gateway, hash, content);
    if (!answer.ok) log.warn({ gateway, layout: hash, reason: answer.reason }, "layout refused");
    kick();
  };

  const meet = (gateway: string, content: unknown, retained: boolean) => {
    const status = reports.status(gateway, content);
    if (!status?.epoch || status.state !== "online") return;
    account.hear(gateway, status);
    // What is retained was said before we listened; frames may have gone by unheard since.
    if (retained) resets.meet(gateway, status.epoch);
    else {
      if (status.at !== undefined) hearTime(gateway, status.at);
      resets.greet(gateway, status.epoch);
    }
    kick();
  };

  const serve = (gateway: string, letter: Letter) => {
    const { what, rest, payload, retained } = letter;
    if (what === "frames") return frames(gateway, payload);
    const content = unpacked(payload);
    if (what === "layouts") void announceLayout(gateway, rest, content);
    else if (what === "devices") reports.announcement(gateway, rest, content);
    else if (what === "status") meet(gateway, content, retained);
  };

  /** What time it is for another's gateway counts as much: the more say it, the better it is known. */
  const overhear = (gateway: string, { what, payload, retained }: Letter) => {
    if (what !== "status" || retained) return;
    const { data: status } = GatewayStatus.safeParse(unpacked(payload));
    if (status?.state === "online" && status.at !== undefined) hearTime(gateway, status.at);
  };

  return (topic: string, payload: Uint8Array, retained: boolean): void => {
    const address = parseGatewayTopic(topic);
    if (!address || payload.length === 0) return;
    const { gateway, what, rest = "" } = address;
    const letter = { what, rest, payload, retained };
    if (isOwn(gateway)) serve(gateway, letter);
    else overhear(gateway, letter);
  };
}

type Letter = {
  readonly what: string;
  readonly rest: string;
  readonly payload: Uint8Array;
  readonly retained: boolean;
};

/** `undefined`, which no schema takes, for what is not packed JSON. */
function unpacked(payload: Uint8Array): unknown {
  try {
    return unpackJson(payload, 2 * 1024 * 1024);
  } catch {
    return undefined;
  }
}
