import { DeviceAnnouncement, GatewayStatus } from "@sunledger/model";
import type { Clock, Scope } from "@sunledger/runtime";
import type { Records } from "@sunledger/store";
import type { Counters } from "../counters.ts";
import type { Directory } from "./directory.ts";
import { keeping } from "./keeping.ts";

/** What gateways say of themselves and of their devices, kept in the records. */
export type Reports = {
  /** The status, where it can be read. */
  status(gateway: string, content: unknown): GatewayStatus | undefined;
  announcement(gateway: string, tag: string, content: unknown): void;
  /** The records may have lost what they had (D-15): what is said again is kept again. */
  forget(): void;
};

export type ReportParts = {
  readonly records: Pick<Records, "keepStatus" | "keepAnnouncement">;
  readonly directory: Directory;
  readonly counters: Pick<Counters, "reportsGivenUp">;
  /** The time to write down for what is heard now, Unix milliseconds. */
  readonly stamp: () => number;
  readonly pace: Clock;
};

const statusEveryMs = 2_000;
/** Oftener than the word of a status ceases to hold: a reader of the records judges by its age. */
const statusRenewMs = 10_000;
/** A device may be announced before it is registered: its word is offered again so often. */
const announcementEveryMs = 3_000;

type Heard = { readonly status: GatewayStatus; readonly at: number };

export function reports(
  { records, directory, counters, stamp, pace }: ReportParts,
  { log, signal }: Pick<Scope, "log" | "signal">,
): Reports {
  const onGivenUp = (subject: string) => {
    counters.reportsGivenUp += 1;
    log.warn({ subject }, "report given up: what it speaks of is not registered");
  };
  const statuses = keeping<Heard>({
    onGivenUp,
    keep: async (gateway, { status, at }) => {
      const sender = await directory.sender(gateway);
      if (sender) await records.keepStatus(sender.organisation, gateway, status, at);
      return sender !== undefined;
    },
    gist: ({ status }) => gistOf(status),
    everyMs: statusEveryMs,
    renewMs: statusRenewMs,
    pace,
    log,
    signal,
  });

  const announcements = keeping<DeviceAnnouncement>({
    onGivenUp,
    keep: async (subject, announcement) => {
      const [gateway = "", tag = ""] = subject.split("/");
      const sender = await directory.sender(gateway);
      const known = sender && (sender.devices.has(tag) ? sender : await directory.renewed(sender));
      const device = known?.devices.get(tag);
      if (known && device) await records.keepAnnouncement(known.organisation, device, announcement);
      else log.debug({ gateway, tag }, "announcement of an unknown device");
      return device !== undefined;
    },
    gist: gistOf,
    everyMs: announcementEveryMs,
    pace,
    log,
    signal,
  });

  return {
    status(gateway, content) {
      const parsed = GatewayStatus.safeParse(content);
      if (!parsed.success) {
        log.warn({ gateway, reason: parsed.error.issues[0]?.message }, "status refused");
        return undefined;
      }
      statuses.take(gateway, { status: parsed.data, at: stamp() });
      return parsed.data;
    },

    announcement(gateway, tag, content) {
      const parsed = DeviceAnnouncement.safeParse(content);
      if (parsed.success && parsed.data.tag === tag) {
        return announcements.take(`${gateway}/${tag}`, parsed.data);
      }
      const reason = parsed.error?.issues[0]?.message ?? `it names device ${parsed.data?.tag}`;
      log.warn({ gateway, tag, reason }, "announcement refused");
    },

    forget() {
      statuses.forget();
      announcements.forget();
    },
  };
}

/** What was said, whenever it was said. */
function gistOf({ at: _, ...said }: { readonly at?: number | undefined }): string {
  return JSON.stringify(said);
}
