import {
  type Device,
  type DeviceAnnouncement,
  type Freshness,
  type Gateway,
  type GatewayStatus,
  type GatewaySummary,
  type LiveReach,
  type SleepWord,
  sleepHolds,
} from "@sunledger/model";
import type { Clock } from "@sunledger/runtime";

type Heard = {
  readonly status: GatewayStatus;
  /** Since when it is in its state. */
  readonly at: number | null;
  /** When it last said so. */
  readonly saidAt: number;
};

/** Whether a message was just sent, or kept by the broker for who comes. */
export type Coming = "sent" | "retained";

/** What is known of a gateway's devices besides its word: by their silence its own is noticed. */
export type Company = Pick<SleepWord, "polled" | "slackMs">;

/**
 * What the gateways have last said: whether they and their devices can be reached, and what the
 * devices are. It comes from the broker at once, retained messages first; until then the records'
 * copy counts.
 */
export interface GatewayWord {
  /** Says whether the gateway has come, or come back, by it. `at` is the time of its arrival. */
  statusHeard(gateway: string, status: GatewayStatus, at: number, coming?: Coming): boolean;
  announcementHeard(gateway: string, announcement: DeviceAnnouncement): void;
  /**
   * Whether a device can be reached by the gateway that polls it. It sleeps only as long as the
   * gateway goes on saying so, for then nothing else tells a sleeper from a dead line.
   */
  reachOf(device: Device, recorded?: Gateway, company?: () => Company): LiveReach;
  /** Whether what a gateway last said of its devices still holds. */
  holdsOf(recorded: Gateway, company: Company): boolean;
  announcementOf(device: Device): DeviceAnnouncement | undefined;
  summaryOf(recorded: Gateway): GatewaySummary;
  /** The last status of a gateway; the records' copy where it has not been heard. */
  statusOf(recorded: Pick<Gateway, "id" | "status" | "heardAt">): GatewayStatus | undefined;
}

export function gatewayWord(clock: Pick<Clock, "now">): GatewayWord {
  const statuses = new Map<string, Heard>();
  const announcements = new Map<string, DeviceAnnouncement>();

  const heardFrom = (
    gateway: string,
    recorded?: Pick<Gateway, "status" | "heardAt">,
  ): Heard | undefined => {
    const heard = statuses.get(gateway);
    if (heard || !recorded?.status) return heard;
    const { status, heardAt } = recorded;
    return { status, at: heardAt ?? null, saidAt: heardAt ?? never };
  };

  return {
    statusHeard(gateway, status, at, coming = "sent") {
      const before = statuses.get(gateway);
      // The same state again does not begin anew: "offline since" stays.
      const since = before?.status.state === status.state ? before.at : (status.at ?? at);
      // What is sent now is said now, whatever the gateway's clock; what was kept is as old as it says.
      const saidAt = coming === "sent" ? at : Math.min(at, status.at ?? never);
      statuses.set(gateway, { status, at: since, saidAt });
      return status.state === "online" && before?.status.state !== "online";
    },

    announcementHeard(gateway, announcement) {
      announcements.set(keyOf(gateway, announcement.tag), announcement);
    },

    reachOf({ gateway, tag }, recorded, company = alone) {
      // Fed by imports alone: nobody polls it, so nobody can miss it.
      if (gateway === undefined) return { state: "unpolled", since: null };
      const heard = heardFrom(gateway, recorded);
      if (!heard) return { state: "connecting", since: null };
      if (heard.status.state === "offline") return { state: "gatewayOffline", since: heard.at };
      const reach = heard.status.devices?.[tag];
      if (!reach) return { state: "connecting", since: heard.at };
      const { state, since, reason } = reach;
      if (state === "asleep" && !sleepHolds({ ...heard, ...company() }, clock.now())) {
        return { state: "unheard", since: Number.isFinite(heard.saidAt) ? heard.saidAt : null };
      }
      return { state, since, ...(reason !== undefined && { reason }) };
    },

    holdsOf(recorded, company) {
      const heard = heardFrom(recorded.id, recorded);
      return heard !== undefined && sleepHolds({ ...heard, ...company }, clock.now());
    },

    announcementOf({ gateway, tag, announcement }) {
      const heard = gateway === undefined ? undefined : announcements.get(keyOf(gateway, tag));
      if (!heard || !announcement) return heard ?? announcement;
      return heard.at >= announcement.at ? heard : announcement;
    },

    summaryOf(recorded) {
      const heard = heardFrom(recorded.id, recorded);
      const version = heard?.status.version;
      return {
        id: recorded.id,
        state: heard?.status.state ?? "unknown",
        heardAt: recorded.heardAt ?? heard?.at ?? null,
        ...(version !== undefined && { version }),
      };
    },

    statusOf: (recorded) => heardFrom(recorded.id, recorded)?.status,
  };
}

/** The time of what nobody knows the time of. */
const never = Number.NEGATIVE_INFINITY;

const alone = (): Company => ({ polled: [], slackMs: 0 });

/** The state of a device: its values' age decides as far as its gateway's word leaves it to that. */
export function stateBy({ state }: LiveReach, byAge: Freshness): Freshness {
  if (state === "asleep") return state;
  if (state === "unreachable" || state === "gatewayOffline") return "offline";
  return state === "unpolled" && byAge === "stale" ? "imported" : byAge;
}

function keyOf(gateway: string, tag: string): string {
  return `${gateway}/${tag}`;
}
