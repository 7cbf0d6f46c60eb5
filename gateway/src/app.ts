import { type Clock, type Scope, serveMetrics, steadyMs } from "@sunledger/runtime";
import { openCommandBook } from "./commands/command-book.ts";
import { commandDesk } from "./commands/command-desk.ts";
import type { GatewayConfig } from "./config.ts";
import { configurationKeeper, type Site } from "./configuration/configuration-keeper.ts";
import { pushablePart } from "./configuration/judge-document.ts";
import { type DeliveryParts, startDelivery } from "./delivery/start-delivery.ts";
import { gatewayMetrics } from "./metrics/gateway-metrics.ts";
import { outboxBytes } from "./metrics/outbox-bytes.ts";
import { tracePage } from "./metrics/trace-page.ts";
import { leasedLinks } from "./modbus/leased-links.ts";
import { modbusLinks } from "./modbus/links.ts";
import { OutboxOverflowError } from "./outbox/errors.ts";
import { openOutbox } from "./outbox/outbox.ts";
import { waitedMs } from "./outbox/waited-ms.ts";
import { announcedNotes } from "./polling/announced-notes.ts";
import { fleet } from "./polling/fleet.ts";
import { openDevice } from "./polling/open-device.ts";
import type { Polled } from "./polling/polled.ts";
import { sleepNotes } from "./polling/sleep-notes.ts";
import { startPolling } from "./polling/start-polling.ts";
import type { Profiles } from "./profiles/load-profiles.ts";
import { openProxies } from "./proxy/open-proxies.ts";
import { wantedDevices } from "./site-file/wanted-devices.ts";
import { wantedProxies } from "./site-file/wanted-proxies.ts";
import type { SunspecModels } from "./sunspec/models.ts";
import { watchClock } from "./timekeeping/clock-watch.ts";
import { systemWord } from "./timekeeping/system-word.ts";

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
  /** Where metrics are served on the loopback, if at all. */
  readonly metricsPort?: number | undefined;
  /** Within this the broker has to be reached with a pushed configuration: milliseconds. */
  readonly configurationTrialMs?: number;
  /** So long has it to be reached with one before that counts: milliseconds. */
  readonly configurationProvenMs?: number;
};

const megabyte = 1024 * 1024;

export interface Gateway {
  /**
   * Lives by a changed file, as far as no pushed configuration stands above it, without losing a frame:
   * devices that come, go or change are opened and closed, the others go on. Rejects with a
   * `ConfigError` when it is another gateway's.
   */
  reconfigure(site: Site): Promise<void>;
  /** So much time has passed since this was asked last: the devices whose polling stands still. */
  stalled(elapsedMs: number): readonly string[];
}

/** Polls, keeps and delivers until the scope stops. Resolves once the outbox is open. */
export async function startGateway(parts: GatewayParts, scope: Scope): Promise<Gateway> {
  const { config, models, clock } = parts;
  const { log, signal } = scope;

  // A driven clock is right by definition.
  const setting = config.clock ?? (parts.waitForDisk ? "synced" : undefined);
  const clockWatch = await watchClock(
    { setting, clock, steady: steadyMs, systemWord, log },
    signal,
  );
  const outbox = await openOutbox({
    folder: parts.outboxFolder,
    clock,
    log,
    mark: clockWatch.mark,
    // Nobody waits for company while time stands still.
    ...(parts.waitForDisk && { groupMs: 0 }),
    room: { mostBytes: config.outbox.mostMb * megabyte },
  });
  scope.onStop("outbox", () => outbox.close());

  const { memory, remembered, note } = outbox;
  const announced = announcedNotes({ memory, remembered, note });
  const delivery = startDelivery(
    {
      gateway: config.id,
      version: parts.version,
      broker: parts.broker,
      outbox,
      clock,
      clockWatch,
      log,
      linger: config.linger,
      onTakenBack: announced.takenBack,
    },
    signal,
  );
  scope.onStop("delivery", () => delivery.ended);

  const keeper = configurationKeeper(
    {
      folder: parts.outboxFolder,
      file: { config, profiles: parts.profiles },
      ...{ clock, log, onChange: delivery.tellStatus },
      ...(parts.configurationTrialMs !== undefined && { trialMs: parts.configurationTrialMs }),
      ...(parts.configurationProvenMs !== undefined && {
        provenAfterMs: parts.configurationProvenMs,
      }),
    },
    signal,
  );
  scope.onStop("configuration", () => keeper.settled());

  const links = modbusLinks({ clock, log });
  scope.onStop("links", () => links.close());

  const keep = async (polled: readonly Polled[]) => {
    const results = await Promise.allSettled(polled.map((frame) => outbox.keep(frame)));
    for (const result of results) {
      // Frames that memory could not hold are logged and on record as a gap.
      if (result.status === "rejected" && !(result.reason instanceof OutboxOverflowError)) {
        log.error({ err: result.reason }, "frame not kept");
      }
    }
  };
  const metrics =
    parts.metricsPort === undefined
      ? undefined
      : gatewayMetrics({
          devices: () => devices.devices(),
          lanes: delivery.counts,
          waitedMs: () => waitedMs(outbox, clock.now()),
          isConnected: delivery.isConnected,
          proxies: () => proxies.open(),
          outboxBytes: () => outboxBytes(parts.outboxFolder),
        });
  const noteSleep = sleepNotes({ memory, note });
  const polling = startPolling(
    {
      clock,
      log,
      ...(metrics && { onBegun: metrics.begun }),
      onPolled: (polled) => {
        const kept = keep(polled);
        return parts.waitForDisk ? kept : undefined;
      },
      onAnnouncement: (announcement) => {
        announced.announced(announcement.tag);
        delivery.announce(announcement);
      },
      onReach: (tag, reach) => {
        delivery.reach(tag, reach);
        noteSleep(tag, reach);
      },
    },
    signal,
  );
  scope.onStop("polling", () => polling.settled());

  const onGone = (tag: string) => {
    delivery.forget(tag);
    metrics?.gone(tag);
  };
  const lease = leasedLinks(links);
  const onFailed = (tag: string, error: unknown) => {
    const reason = `cannot be opened: ${(error as Error).message}`.slice(0, 300);
    delivery.reach(tag, { state: "unreachable", since: clock.now(), reason });
  };
  const devices = fleet({ polling, lease, onGone, onFailed });
  const book = openCommandBook(parts.outboxFolder, { log, clock });
  scope.onStop("command book", () => book.close());
  const desk = commandDesk(
    {
      ...{ clock, log, book, models, lease, note },
      isSynced: clockWatch.isSynced,
      own: keeper.own,
      profiles: () => keeper.site().profiles,
      devices: () => keeper.site().config.devices,
      device: (tag) => devices.devices().find((device) => device.tag === tag),
      configuration: () => pushablePart(keeper.site().config),
      send: delivery.tellResult,
      onSession: delivery.tellStatus,
    },
    signal,
  );
  scope.onStop("commands", () => desk.settled());
  const proxies = openProxies(lease, { clock, log });
  scope.onStop("proxies", () => proxies.close());
  const wantedBy = ({ config, profiles }: Site) =>
    wantedDevices(config, profiles, (device, links) => {
      const { fastMs: fast, normalMs: normal, slowMs: slow } = config.poll;
      const classes = { fast, normal, slow };
      return openDevice({
        ...{ config: device, profiles, models, links, clock, classes, log },
        memory: memory(device.tag),
        place: config.place,
      });
    });
  let listened: ReadonlyMap<string, string> = new Map();
  const live = async (site: Site) => {
    const listening = wantedProxies(site.config, site.profiles, { clock, letWrite: desk.letWrite });
    // A proxy holds its line open as it was: with other settings its devices would not be given it.
    await proxies.apply(
      new Map([...listening].filter(([tag, { key }]) => listened.get(tag) === key)),
    );
    try {
      return await devices.apply(wantedBy(site));
    } finally {
      await proxies.apply(listening);
      listened = new Map([...listening].map(([tag, { key }]) => [tag, key]));
    }
  };
  await live(keeper.site());
  const wanted = new Set(keeper.site().config.devices.map(({ tag }) => tag));
  for (const tag of announced.tags()) if (!wanted.has(tag)) delivery.forget(tag);
  keeper.start(async (site) => {
    const changes = await live(site);
    log.info(changes, "configuration applied");
  });

  delivery.listen({
    begun: desk.begun,
    command: desk.hear,
    configuration: keeper.hear,
    told: keeper.told,
    status: () => ({
      session: desk.session(),
      allows: desk.permissions(),
      configuration: keeper.state(),
    }),
  });
  if (metrics && parts.metricsPort !== undefined) {
    const served = await serveMetrics(
      metrics,
      () => (delivery.isConnected() ? undefined : "broker"),
      parts.metricsPort,
      { "/trace": tracePage({ devices: () => devices.devices(), clock }) },
    );
    scope.onStop("metrics", () => served.close());
  }

  return {
    stalled: polling.stalled,

    reconfigure: keeper.fileChanged,
  };
}
