import type { Clock, Scope } from "@sunledger/runtime";
import type { GatewayConfig } from "./config.ts";
import { type DeliveryParts, startDelivery } from "./delivery/start-delivery.ts";
import { modbusLinks } from "./modbus/links.ts";
import { OutboxOverflowError } from "./outbox/errors.ts";
import { openOutbox } from "./outbox/outbox.ts";
import { openDevice } from "./polling/open-device.ts";
import type { Polled } from "./polling/polled.ts";
import { startPolling } from "./polling/start-polling.ts";
import type { Profiles } from "./profiles/load-profiles.ts";
import type { SunspecModels } from "./sunspec/models.ts";

export type GatewayParts = {
  readonly config: GatewayConfig;
  readonly profiles: Profiles;
  readonly models: SunspecModels;
  readonly clock: Clock;
  readonly version: string;
  readonly broker: DeliveryParts["broker"];
  readonly outboxFolder: string;
  /**
   * Whether a poll is over only when its frames are on disk: right under a driven clock, whose next
   * tick would overtake them; else a slow disk would delay the next poll (D-1).
   */
  readonly waitForDisk: boolean;
};

const megabyte = 1024 * 1024;

/** Polls, keeps and delivers until the scope stops. Resolves once the outbox is open. */
export async function startGateway(parts: GatewayParts, scope: Scope): Promise<void> {
  const { config, profiles, models, clock } = parts;
  const { log, signal } = scope;

  const outbox = await openOutbox({
    folder: parts.outboxFolder,
    clock,
    log,
    clockState: config.clock,
    // Nobody waits for company while time stands still.
    ...(parts.waitForDisk && { groupMs: 0 }),
    room: { mostBytes: config.outbox.mostMb * megabyte },
  });
  scope.onStop("outbox", () => outbox.close());

  const delivery = startDelivery(
    {
      gateway: config.id,
      version: parts.version,
      broker: parts.broker,
      outbox,
      clock,
      log,
      linger: config.linger,
    },
    signal,
  );
  scope.onStop("delivery", () => delivery.ended);

  const links = modbusLinks({ clock, log });
  scope.onStop("links", () => links.close());

  const { fastMs: fast, normalMs: normal, slowMs: slow } = config.poll;
  const classes = { fast, normal, slow };
  const devices = config.devices.map((device) =>
    openDevice({
      ...{ config: device, profiles, models, links, clock, classes, log },
      memory: outbox.memory(device.tag),
      place: config.place,
    }),
  );

  const keep = async (polled: readonly Polled[]) => {
    const results = await Promise.allSettled(polled.map((frame) => outbox.keep(frame)));
    for (const result of results) {
      // Frames that memory could not hold are logged and on record as a gap.
      if (result.status === "rejected" && !(result.reason instanceof OutboxOverflowError)) {
        log.error({ err: result.reason }, "frame not kept");
      }
    }
  };
  const polling = startPolling(
    {
      devices,
      clock,
      log,
      onPolled: (polled) => {
        const kept = keep(polled);
        return parts.waitForDisk ? kept : undefined;
      },
      onAnnouncement: delivery.announce,
      onReach: delivery.reach,
    },
    signal,
  );
  scope.onStop("polling", () => polling.settled());
}
