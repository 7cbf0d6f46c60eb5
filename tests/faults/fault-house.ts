import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase, postgresRecords } from "@sunledger/store";
import { type ChaosProxy, chaosProxy } from "../support/chaos-proxy.ts";
import { type DeadlyCommit, deadlyCommit } from "../support/deadly-commit.ts";
import { freePorts } from "../support/free-ports.ts";
import { type SeriesServer, startInfluxd, startVictoria } from "../support/series-servers.ts";
import { type SettableClock, settableClock } from "../support/settable-clock.ts";
import { mountSmallDisk, type SmallDisk } from "../support/small-disk.ts";
import { openStored } from "../support/stored.ts";
import { tellsRequests, type Unanswered, unansweredIn } from "../support/unanswered.ts";
import type { Place } from "./fault-kinds.ts";
import {
  type FaultPlant,
  faultPlants,
  gatewayFileOf,
  peerPlant,
  peerProvisionOf,
  placeAtNoon,
  provisionOf,
  scenarioOf,
} from "./fault-plants.ts";
import { type KeptApi, keptApi } from "./kept-api.ts";
import { type BrokerKind, type KeptBroker, keptAedes, keptMosquitto } from "./kept-broker.ts";
import { type Environment, type KeptProgram, keptProgram } from "./kept-program.ts";
import { type KeptStore, openKeptStore } from "./kept-store.ts";
import { openPeer, type Peer } from "./peer.ts";
import { openVandal, type Vandal } from "./vandal.ts";

/**
 * Real processes from the simulated devices to PostgreSQL and the api, with chaos proxies between devices and gateways,
 * gateways and broker, ingest and broker, and PostgreSQL and each program of the house.
 */
export type FaultHouse = {
  readonly broker: KeptBroker;
  readonly ingest: KeptProgram;
  readonly api: KeptApi;
  readonly store: KeptStore;
  /** Where values are, if not in PostgreSQL. */
  readonly series: SeriesServer | undefined;
  /** By their ids. */
  readonly gateways: ReadonlyMap<string, KeptProgram>;
  /** The disks of the gateways' outboxes, by the gateways' ids; none where none can be mounted. */
  readonly disks: ReadonlyMap<string, SmallDisk>;
  /** Links by the name of the target. */
  readonly links: ReadonlyMap<string, ChaosProxy>;
  readonly peer: Peer;
  /** The clocks of ingest and of the gateways, by the programs' names. */
  readonly clocks: ReadonlyMap<string, SettableClock>;
  /** Where gateways die in the midst of writing, by their ids. */
  readonly commits: ReadonlyMap<string, DeadlyCommit>;
  /** Breaks what it sends to the broker. */
  readonly vandal: Vandal;
  readonly ledgerDir: string;
  /** Names of what a fault may strike, by the kind of place. */
  readonly targets: Readonly<Record<Place, readonly string[]>>;
  openIt(): ReturnType<typeof openStored>;
  /** The process of each program that runs now, by its name. */
  processes(): ReadonlyMap<string, number>;
  /** Requests that gateways gave up for want of an answer, as they say themselves. */
  unanswered(): readonly Unanswered[];
  /** What ended without being told to. */
  surprises(): readonly string[];
  close(): Promise<void>;
};

export const organisations = { plants: "Faults", peer: "Peer" } as const;

type Undo = () => unknown;
/** A store of values beside PostgreSQL. */
export type SeriesKind = "victoria" | "influx";
type HouseWish = {
  readonly series?: SeriesKind | undefined;
  /** Whether each outbox and the store have a small disk of their own. */
  readonly mount: boolean;
  /** How often devices are polled, milliseconds. */
  readonly fastMs: number;
};

export async function openFaultHouse(kind: BrokerKind, wish: HouseWish): Promise<FaultHouse> {
  const undo: Undo[] = [];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return await open(kind, { ...wish, undo, close });
  } catch (error) {
    await close();
    throw error;
  }
}

type Opening = HouseWish & { readonly undo: Undo[]; readonly close: () => Promise<void> };

async function open(
  kind: BrokerKind,
  { mount, fastMs, series: seriesKind, undo, close }: Opening,
): Promise<FaultHouse> {
  const folder = mkdtempSync(join(tmpdir(), `sunledger-faults-${kind}-`));
  undo.push(() => rmSync(folder, { recursive: true, force: true }));
  const ledgerDir = join(folder, "ledger");
  mkdirSync(ledgerDir);

  const store = await openKeptStore(`faults on ${kind}`, { mount });
  undo.push(() => store.stop());
  const service = secret();
  const ids = [
    ...faultPlants.map(({ gateway }) => gateway),
    ...[peerPlant.gateway, peerPlant.vandal],
  ];
  const secrets = Object.fromEntries(ids.map((id) => [id, secret()]));
  const organisation = await provide(store.appUrl, secrets);

  const links = new Map<string, ChaosProxy>();
  const link = async (name: string, port: number) => {
    const proxy = await chaosProxy(port);
    undo.push(() => proxy.close());
    links.set(name, proxy);
    return proxy.port;
  };
  const { series, frames } = await openSeries(seriesKind, link);
  undo.push(() => series?.stop());
  const broker =
    kind === "aedes"
      ? await keptAedes({
          SUNLEDGER_DATABASE_URL: throughPort(
            store.appUrl,
            await link("broker database link", store.port),
          ),
          SUNLEDGER_SERVICE_SECRET: service,
        })
      : await keptMosquitto({ ...secrets, _ingest: service, _api: service });
  undo.push(() => broker.stop());
  await broker.start();

  const place = placeAtNoon(Date.now());
  const devices = faultPlants.flatMap(({ code, devices }) =>
    devices.map(({ tag }) => `${code}/${tag}`),
  );
  const firstPort = await freePorts(devices.length);
  for (const [number, name] of devices.entries()) await link(name, firstPort + number);

  const simulators = keptProgram("simulators", "simulators/src/main.ts", {
    SUNLEDGER_SCENARIO: written(folder, "scenario.yaml", scenarioOf(place)),
    SUNLEDGER_SIMULATOR_PORT: String(firstPort),
    SUNLEDGER_STATE_DIR: join(folder, "simulators"),
    SUNLEDGER_LEDGER_DIR: ledgerDir,
  });
  const clocks = new Map<string, SettableClock>();
  const clockOf = (name: string) => {
    const clock = settableClock(join(folder, `${name}.clock`));
    clocks.set(name, clock);
    return clock.env;
  };
  const commits = new Map<string, DeadlyCommit>();
  const commitOf = (name: string) => {
    const commit = deadlyCommit(join(folder, `${name}.death`));
    commits.set(name, commit);
    return commit.env;
  };
  const ingest = keptProgram("ingest", "ingest/src/main.ts", {
    ...clockOf("ingest"),
    SUNLEDGER_MQTT_URL: `mqtt://127.0.0.1:${await link("ingest link", broker.port)}`,
    SUNLEDGER_DATABASE_URL: throughPort(store.appUrl, await link("database link", store.port)),
    SUNLEDGER_SERVICE_SECRET: service,
    ...frames,
  });
  const api = await keptApi({
    organisation: organisations.plants,
    mqttUrl: `mqtt://127.0.0.1:${broker.port}`,
    databaseUrl: throughPort(store.appUrl, await link("api database link", store.port)),
    ...{ ownDatabaseUrl: store.appUrl, service, frames },
  });
  const gateways = new Map<string, KeptProgram>();
  const disks = new Map<string, SmallDisk>();
  for (const plant of faultPlants) {
    const { gateway, code } = plant;
    const outbox = join(folder, `${gateway}-outbox`);
    if (mount) {
      const disk = mountSmallDisk(outbox);
      undo.push(() => disk.remove());
      disks.set(gateway, disk);
    }
    const portOf = (tag: string) => links.get(`${code}/${tag}`)?.port ?? 0;
    const uplink = await link(uplinkOf(plant), broker.gatewayPort);
    gateways.set(
      gateway,
      keptProgram(gateway, "gateway/src/main.ts", {
        ...withBoth(clockOf(gateway), commitOf(gateway)),
        ...tellsRequests,
        // No program is there that could tell of the machine's clock: the platform's time is what counts.
        PATH: folder,
        SUNLEDGER_GATEWAY_CONFIG: written(
          folder,
          `${gateway}.yaml`,
          gatewayFileOf(plant, { place, fastMs, portOf }),
        ),
        SUNLEDGER_MQTT_URL: `mqtt://127.0.0.1:${uplink}`,
        SUNLEDGER_GATEWAY_SECRET: secrets[gateway] ?? "",
        SUNLEDGER_OUTBOX_DIR: outbox,
      }),
    );
  }
  const programs = () => [simulators, ingest, api.program, ...gateways.values()];
  for (const program of programs()) {
    undo.push(() => program.stop());
    await program.start();
  }
  const peer = await openPeer({
    url: `mqtt://127.0.0.1:${broker.gatewayPort}`,
    id: peerPlant.gateway,
    secret: secrets[peerPlant.gateway] ?? "",
    device: peerPlant.device,
    organisation: organisation.peer,
    databaseUrl: store.appUrl,
    framesUrl: series?.address,
  });
  undo.push(() => peer.close());
  const vandal = openVandal({
    port: broker.gatewayPort,
    id: peerPlant.vandal,
    secret: secrets[peerPlant.vandal] ?? "",
  });

  return {
    ...{
      broker,
      ingest,
      api,
      store,
      series,
      gateways,
      disks,
      links,
      clocks,
      commits,
      peer,
      vandal,
      ledgerDir,
      close,
    },
    targets: {
      broker: ["broker"],
      ingest: ["ingest"],
      store: ["store"],
      gateway: [...gateways.keys()],
      uplink: faultPlants.map(uplinkOf),
      ingestLink: ["ingest link"],
      databaseLink: ["database link"],
      brokerDatabaseLink: links.has("broker database link") ? ["broker database link"] : [],
      series: series ? ["series"] : [],
      seriesLink: series ? ["series link"] : [],
      api: ["api"],
      apiDatabaseLink: ["api database link"],
      field: devices,
      peer: ["peer"],
    },
    openIt: () => openStored(store.appUrl, organisations.plants, series?.address),
    processes: () =>
      new Map(
        [...programs(), { ...broker, name: "broker" }, { ...store, name: "store" }].flatMap(
          (one) => {
            const pid = one.pid();
            return pid === undefined ? [] : [[one.name, pid] as const];
          },
        ),
      ),
    unanswered: () => {
      const named = new Map(
        [...links].map(([name, { port }]) => [`tcp://127.0.0.1:${port}`, name]),
      );
      return [...gateways.values()].flatMap((gateway) =>
        unansweredIn(gateway.log(), (line) => named.get(line)),
      );
    },
    surprises: () => [...programs(), broker].flatMap((one) => one.surprises()),
  };
}

const seriesServers: Readonly<Record<SeriesKind, () => Promise<SeriesServer>>> = {
  victoria: () => startVictoria(),
  influx: startInfluxd,
};

type OpenLink = (name: string, port: number) => Promise<number>;

/** The store of values, if one is wanted, and how the house's programs reach it. */
async function openSeries(kind: SeriesKind | undefined, link: OpenLink) {
  if (kind === undefined) return { series: undefined, frames: {} };
  const series = await seriesServers[kind]();
  const port = await link("series link", series.port);
  const address = series.address.replace(`:${series.port}`, `:${port}`);
  return { series, frames: { SUNLEDGER_TIMESERIES_URL: address } };
}

export function uplinkOf({ gateway }: Pick<FaultPlant, "gateway">): string {
  return `${gateway} uplink`;
}

async function provide(appUrl: string, secrets: Readonly<Record<string, string>>) {
  const database = await openDatabase(appUrl, { name: "faults", most: 2 });
  try {
    const records = postgresRecords(database);
    const plants = await records.organisation(organisations.plants);
    const peer = await records.organisation(organisations.peer);
    await records.provision(provisionOf(plants, secrets));
    await records.provision(peerProvisionOf(peer, secrets));
    return { plants, peer };
  } finally {
    await database.close();
  }
}

function throughPort(url: string, port: number): string {
  const through = new URL(url);
  through.port = String(port);
  return through.href;
}

/** Each loads something of its own into the program. */
function withBoth(one: Environment, other: Environment): Environment {
  const options = [one, other].map(({ NODE_OPTIONS = "" }) => NODE_OPTIONS);
  return { ...one, ...other, NODE_OPTIONS: options.join(" ") };
}

function written(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}
