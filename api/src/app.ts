import { type Clock, ConfigError, type Scope } from "@sunledger/runtime";
import type {
  Audit,
  Commands,
  Conditions,
  Configurations,
  Lease,
  Records,
  Rollouts,
} from "@sunledger/store";
import manifest from "../package.json" with { type: "json" };
import { orderDesk } from "./commands/order-desk.ts";
import { openOrderLink } from "./commands/order-link.ts";
import type { ListenOn } from "./config.ts";
import { deviceViews } from "./devices/device-views.ts";
import { gatewayWord } from "./devices/gateway-word.ts";
import type { KeptFrames } from "./frames/kept-frames.ts";
import { latestValues } from "./frames/latest-values.ts";
import { configurationDesk } from "./gateways/configuration-desk.ts";
import type { Need } from "./health/health.routes.ts";
import { httpApp } from "./http.ts";
import type { Identity } from "./identity/identity.ts";
import { type BrokerListener, type BrokerSettings, openBrokerLink } from "./live/broker-link.ts";
import { startLiveServer } from "./live/live-server.ts";
import { openRooms } from "./live/rooms.ts";
import { watchGateways } from "./live/watch.ts";
import { plantDays } from "./plants/plant-days.ts";
import type { ProfileLibrary } from "./profiles/profile-library.ts";
import { rolloutDesk } from "./rollouts/rollout-desk.ts";

export type ApiParts = {
  readonly clock: Clock;
  /** Real time: by it a browser notices that the api hangs. */
  readonly pace: Clock;
  readonly records: Records;
  readonly commands: Commands;
  readonly configurations: Configurations;
  readonly rollouts: Rollouts;
  readonly audit: Audit;
  readonly conditions: Conditions;
  readonly profiles: ProfileLibrary;
  readonly frames: KeptFrames;
  readonly identity: Identity;
  readonly broker: BrokerSettings;
  /** Of several apis the one that has it hears what gateways answer to orders, and goes on with roll-outs. */
  readonly lease: Lease;
  /** What `/readyz` asks for besides the broker. */
  readonly needs: readonly Need[];
  readonly listen: ListenOn;
  readonly secure?: boolean;
  /** Addresses and ranges of the proxies in front. */
  readonly trustedProxies?: readonly string[];
  /** The folder of the built dashboard. */
  readonly dashboard?: string | undefined;
};

/** A roll-out goes on in steps of this. */
const rolloutEveryMs = 2_000;

/** Starts the api of these parts; it answers at the address. */
export async function startApi(parts: ApiParts, scope: Scope): Promise<{ address: string }> {
  const { clock, pace, records, frames, identity, dashboard } = parts;
  const { commands, configurations, rollouts, profiles } = parts;
  const latest = latestValues({ frames, clock });
  const word = gatewayWord(clock);
  const days = plantDays({ frames, records, clock });
  const watch = watchGateways({
    ...{ clock, signal: scope.signal },
    command: (gateway, command) => broker.command(gateway, command),
    onError: (err, gateway) => scope.log.warn({ err, gateway }, "could not ask to watch"),
  });
  const views = deviceViews({
    ...{ records, latest, word, clock },
    onLook: (gateway) => watch.look(gateway),
    slackOf: (gateway) => watch.slackOf(gateway),
  });

  const orders = openOrderLink(
    {
      ...{ ...parts.broker, lease: parts.lease, pace },
      onResult: (gateway, result) => desk.answered(gateway, result),
    },
    scope,
  );
  const desk = orderDesk({
    ...{ commands, records, word, link: orders, clock, signal: scope.signal },
    onChange: (organisation, id) => live.changed(organisation, ["command", id]),
  });
  const versions = configurationDesk({
    ...{ configurations, records, link: orders, clock, log: scope.log },
    onChange: (organisation, gateway) => live.changed(organisation, ["gateway", gateway]),
  });
  const rings = rolloutDesk({
    ...{ rollouts, configurations, commands, configurationDesk: versions, desk, records, word },
    ...{ clock, log: scope.log },
    onChange: (organisation, id) => live.changed(organisation, ["rollout", id]),
  });

  const app = await httpApp({
    ...{ log: scope.log, clock, identity, records, frames, views, days, word, dashboard },
    ...{ commands, configurations, profiles, desk, configurationDesk: versions },
    ...{ rollouts, rolloutDesk: rings, audit: parts.audit, conditions: parts.conditions },
    secure: parts.secure ?? false,
    tls: parts.listen.tls,
    trustedProxies: parts.trustedProxies ?? [],
    version: manifest.version,
    needs: [
      ...parts.needs,
      { name: "broker", check: () => broker.away === undefined, why: () => broker.away },
    ],
    onSignedOut: (session) => live.dropSession(session),
  });
  scope.onStop("http", () => app.close());

  const live = startLiveServer(
    {
      ...{ http: app.server, identity, clock, pace },
      openRooms: (voiceOf) => openRooms({ records, views, clock, voiceOf }),
    },
    scope,
  );
  const { rooms } = live;
  watch.keep(() => [...rooms.open].flatMap(({ gateways }) => gateways));
  latest.onChange(({ device, values }) => rooms.changed(device, values));

  const listener: BrokerListener = {
    async accepted(_organisation, plant, message) {
      await latest.accept(message);
      const times = message.frames.map(([, , at]) => at);
      if (times.length > 0) days.touched(plant, Math.min(...times), Math.max(...times));
    },
    status(gateway, status, coming) {
      const came = word.statusHeard(gateway, status, clock.now(), coming);
      rooms.heard(gateway);
      if (came) watch.came(gateway);
      versions.heard(gateway, status).catch(warnOfVersions(gateway));
      rings.heard(gateway).catch(warnOfVersions(gateway));
    },
    announced(gateway, announcement) {
      word.announcementHeard(gateway, announcement);
      rooms.heard(gateway);
    },
    heardAgain: () => latest.reload(),
  };

  const warnOfVersions = (gateway: string) => (err: unknown) =>
    scope.log.warn({ err, gateway }, "what it says of its configuration is not kept");

  const tick = () => {
    for (const room of rooms.open) room.tick();
  };
  clock.every(1_000, tick, scope.signal);
  const goOn = async () => {
    if (orders.isLeased) await rings.tick();
  };
  clock.every(rolloutEveryMs, goOn, scope.signal);

  const broker = openBrokerLink(parts.broker, listener, scope);
  const address = await listenAt(parts.listen, app);
  broker.connect();
  orders.connect();
  return { address };
}

async function listenAt(
  { host, port }: ApiParts["listen"],
  app: Awaited<ReturnType<typeof httpApp>>,
): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const [reason, setting] = refusals[String(code)] ?? [];
    if (!reason) throw error;
    throw new ConfigError(`port ${port} on ${host} ${reason}: choose another by ${setting}`);
  }
}

const refusals: Readonly<Record<string, readonly [reason: string, setting: string]>> = {
  EADDRINUSE: ["is in use by another program", "SUNLEDGER_HTTP_PORT"],
  EACCES: ["may not be used by this user", "SUNLEDGER_HTTP_PORT"],
  EADDRNOTAVAIL: ["is on an address that this machine does not have", "SUNLEDGER_HTTP_HOST"],
  ENOTFOUND: ["is on a host that cannot be found", "SUNLEDGER_HTTP_HOST"],
};
