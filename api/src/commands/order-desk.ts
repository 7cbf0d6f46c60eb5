import { randomUUID } from "node:crypto";
import {
  type CommandOrder,
  type CommandResult,
  type Device,
  type Gateway,
  type GatewayStatus,
  mostPayloadBytes,
} from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";
import type { Commands, KeptCommand, NewAuditEntry, NewCommand, Records } from "@sunledger/store";
import { auditEntry } from "../audit/audit-entry.ts";
import type { GatewayWord } from "../devices/gateway-word.ts";
import { ApiError } from "../errors.ts";
import type { Who } from "../identity/identity.ts";
import { requireRight } from "./may-order.ts";
import type { OrderLink } from "./order-link.ts";

export type OrderDeskParts = {
  readonly commands: Commands;
  readonly records: Pick<Records, "gateways" | "deviceList" | "gatewayEntry">;
  readonly word: Pick<GatewayWord, "statusOf">;
  readonly link: Pick<OrderLink, "command" | "away">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears of each command that is not as it was. */
  readonly onChange: (organisation: string, command: string) => void;
};

/** Where orders are taken and answers arrive. */
export interface OrderDesk {
  /**
   * Keeps an order and sends it. Refuses by an `ApiError` what cannot be ordered now; the same id again
   * answers what was ordered by it first.
   */
  order(
    who: Who,
    gateway: string,
    what: CommandOrder,
    more?: { readonly id?: string | undefined; readonly wrote?: Wrote },
  ): Promise<KeptCommand>;
  /** The organisation's gateway of that id, or the refusal that there is none. */
  gatewayOf(organisation: string, gateway: string): Promise<Gateway>;
  /** What the gateway says now that takes orders; the refusal why it does not. */
  readyStatusOf(gateway: Gateway): GatewayStatus & { readonly session: string };
  /** Keeps what a gateway answered. */
  answered(gateway: string, result: CommandResult): Promise<void>;
}

/** So long a gateway may begin with an order: somebody waits before a screen. */
const lifeMs = 30_000;

/**
 * What is written down of an order: what its point said before, or nothing where the order is a part of
 * something that is written down itself.
 */
export type Wrote = { readonly before: NewAuditEntry["before"] } | "elsewhere";

export function orderDesk(parts: OrderDeskParts): OrderDesk {
  const { commands, records, word, link, clock, signal, onChange } = parts;

  const gatewayOf: OrderDesk["gatewayOf"] = async (organisation, id) => {
    const found = (await records.gateways(organisation)).find((gateway) => gateway.id === id);
    if (!found) throw new ApiError("gateways.unknown", `There is no gateway ${id}.`);
    return found;
  };

  const readyStatusOf: OrderDesk["readyStatusOf"] = (gateway) => {
    if (link.away !== undefined) throw new ApiError("broker.unavailable", link.away);
    const status = word.statusOf(gateway);
    if (status?.state !== "online") {
      throw new ApiError("gateways.offline", `The gateway ${gateway.id} cannot be reached now.`);
    }
    const { session } = status;
    if (session === undefined) {
      throw new ApiError("gateways.deaf", `The gateway ${gateway.id} takes no commands.`);
    }
    return { ...status, session };
  };

  const deviceOf = async (organisation: string, gateway: Gateway, what: CommandOrder) => {
    if (!("device" in what)) return undefined;
    const devices = await records.deviceList(organisation, gateway.plant);
    const isMeant = (one: Device) => one.tag === what.device && one.gateway === gateway.id;
    const found = devices.find(isMeant);
    if (found) return found.id;
    throw new ApiError("devices.unknown", `The gateway has no device ${what.device}.`);
  };

  /** Whoever looks learns that nothing came. */
  const tellExpiry = async (organisation: string, { id, expiresAt }: KeptCommand) => {
    await clock.wait(expiresAt - clock.now() + 1, signal);
    if (!signal.aborted) onChange(organisation, id);
  };

  return {
    gatewayOf,
    readyStatusOf,

    async order(who, gatewayId, what, { id = randomUUID(), wrote = { before: null } } = {}) {
      requireRight(who, what.kind);
      const organisation = who.organisation.id;
      const gateway = await gatewayOf(organisation, gatewayId);
      const before = await commands.one(organisation, id);
      if (before) return before;
      const device = await deviceOf(organisation, gateway, what);
      const { session } = readyStatusOf(gateway);
      const at = clock.now();
      const orderedBy = { id: who.user.id, name: who.user.name };
      const message = { id, session, orderedBy, at, expiresAt: at + lifeMs, what };
      if (Buffer.byteLength(JSON.stringify(message)) > mostPayloadBytes - 1_024) {
        throw new ApiError("request.tooLarge", "A command has to fit into one message.");
      }
      const fresh = { ...message, gateway: gateway.id, ...(device !== undefined && { device }) };
      // Somebody's who ordered by the same id at the same moment: an order that is not kept is not sent.
      const other = await commands.order(organisation, fresh, entryOf(who, fresh, wrote));
      if (other) return other;
      link.command(gateway.id, { v: 1, ...message });
      const kept: KeptCommand = { ...fresh, state: "sent" };
      void tellExpiry(organisation, kept);
      onChange(organisation, id);
      return kept;
    },

    async answered(gateway, result) {
      const owner = (await records.gatewayEntry(gateway))?.organisation;
      if (owner === undefined) return;
      const answer = { heardAt: clock.now(), result };
      if (await commands.keepAnswer(owner, gateway, answer)) onChange(owner, result.id);
    },
  };
}

function entryOf(who: Who, { id, gateway, device, what, at }: NewCommand, wrote: Wrote) {
  if (wrote === "elsewhere") return undefined;
  const ofDevice = device !== undefined && "device" in what;
  const subject = ofDevice
    ? { kind: "device" as const, id: device, name: what.device }
    : { kind: "gateway" as const, id: gateway };
  const { before } = wrote;
  return auditEntry(who, at, { action: "order", subject, before, after: { command: id, ...what } });
}
