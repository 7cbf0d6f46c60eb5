import { randomUUID } from "node:crypto";
import {
  type ConfigurationMessage,
  type Device,
  type Flag,
  type GatewayCommand,
  type LiveMessage,
  layoutHash,
  type Value,
} from "@sunledger/model";
import { type DrivenClock, drivenClock } from "@sunledger/runtime";
import {
  type Commands,
  type Conditions,
  type Configurations,
  type FrameStore,
  memoryAudit,
  memoryCommands,
  memoryConditions,
  memoryConfigurations,
  memoryFrameStore,
  memoryRollouts,
  type Records,
  type Rollouts,
} from "@sunledger/store";
import { memoryAdapter } from "better-auth/adapters/memory";
import type { FastifyInstance } from "fastify";
import { pino } from "pino";
import { type OrderDesk, orderDesk } from "../commands/order-desk.ts";
import { type DeviceViews, deviceViews } from "../devices/device-views.ts";
import { type GatewayWord, gatewayWord } from "../devices/gateway-word.ts";
import { type LatestValues, latestValues } from "../frames/latest-values.ts";
import { type ConfigurationDesk, configurationDesk } from "../gateways/configuration-desk.ts";
import { type HttpParts, httpApp } from "../http.ts";
import { betterAuthIdentity } from "../identity/better-auth-identity.ts";
import type { Identity } from "../identity/identity.ts";
import { type PlantDays, plantDays } from "../plants/plant-days.ts";
import { type RolloutDesk, rolloutDesk } from "../rollouts/rollout-desk.ts";
import { plainRecords } from "./plain-records.ts";
import { sampleAnnouncement, samplePlant } from "./sample-plants.ts";
import { shippedProfiles } from "./shipped-profiles.ts";

export const testPassword = "correct horse battery";

/** An organisation with one plant and one user. */
export type TestOrganisation = {
  readonly id: string;
  readonly name: string;
  readonly plant: string;
  /** By tag. */
  readonly devices: ReadonlyMap<string, Device>;
  readonly email: string;
};

export type TestApi = {
  readonly app: FastifyInstance;
  readonly commands: Commands;
  readonly configurations: Configurations;
  readonly desk: OrderDesk;
  readonly configurationDesk: ConfigurationDesk;
  readonly rollouts: Rollouts;
  readonly rolloutDesk: RolloutDesk;
  readonly conditions: Conditions;
  /** What was handed to the broker: orders and configurations, each with its gateway. */
  readonly sent: readonly Sent[];
  readonly clock: DrivenClock;
  readonly records: Records;
  readonly frames: FrameStore;
  readonly identity: Identity;
  readonly latest: LatestValues;
  readonly word: GatewayWord;
  readonly days: PlantDays;
  readonly views: DeviceViews;
  readonly own: TestOrganisation;
  readonly other: TestOrganisation;
  /** Cookies of a user who has signed in. */
  cookie(organisation: TestOrganisation): Promise<string>;
  /** GET as that user. */
  get(url: string, cookie?: string): Promise<{ status: number; body: unknown; headers: Headers }>;
  /** Stores values of a device's points at a time, and lets the api hear of it. */
  record(
    device: string,
    at: number,
    values: Readonly<Record<string, Value>>,
    flags?: Readonly<Record<string, Flag>>,
  ): Promise<void>;
};

export type Sent = {
  readonly gateway: string;
  readonly message: GatewayCommand | ConfigurationMessage;
};

/** The HTTP side over a memory store, with two organisations of the same make. */
export async function testApi(
  start: number,
  overrides: Partial<Omit<HttpParts, "frames">> = {},
): Promise<TestApi> {
  const clock = drivenClock(start);
  const audit = memoryAudit();
  const plain = plainRecords(audit);
  const records = overrides.records ?? plain;
  const commands = memoryCommands(undefined, audit);
  const conditions = memoryConditions();
  const rollouts = memoryRollouts(audit);
  const configurations = memoryConfigurations({ ...plain, rollouts, audit });
  const frames = memoryFrameStore();
  const identity = await betterAuthIdentity({
    records,
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    secret: "a secret for tests, long enough to be one",
    publicUrl: "http://127.0.0.1",
  });
  const latest = latestValues({ frames, clock });
  const word = gatewayWord(clock);
  const days = plantDays({ frames, records, clock });
  const views = deviceViews({ records, latest, word, clock });
  const sent: Sent[] = [];
  const link = {
    away: undefined,
    command: (gateway: string, message: GatewayCommand) => void sent.push({ gateway, message }),
    configure: (gateway: string, message: ConfigurationMessage) =>
      void sent.push({ gateway, message }),
  };
  const log = pino({ level: "silent" });
  const { signal } = new AbortController();
  const around = { records, link, clock, log, onChange: () => {} };
  const desk = orderDesk({ ...around, commands, word, signal });
  const versions = configurationDesk({ ...around, configurations });
  const rings = rolloutDesk({
    ...{ ...around, rollouts, configurations, commands, configurationDesk: versions, desk, word },
  });
  const app = await httpApp({
    ...{ commands, configurations, desk, configurationDesk: versions },
    ...{ rollouts, rolloutDesk: rings, audit, conditions },
    profiles: shippedProfiles(),
    ...{ log, clock, records, frames, identity, views, days, word },
    ...{ needs: [], version: "0.0.0", secure: false, trustedProxies: [], onSignedOut: () => {} },
    ...overrides,
  });

  const own = await addOrganisation("own", { records, identity, word, clock });
  const other = await addOrganisation("other", { records, identity, word, clock });
  const write = recorder({ frames, clock, latest, days, organisations: [own, other] });

  return {
    ...{ commands, configurations, desk, configurationDesk: versions, sent },
    ...{ rollouts, rolloutDesk: rings, conditions },
    ...{ app, clock, records, frames, identity, latest, word, days, views, own, other },
    record: write,

    async cookie({ email }) {
      const answer = await app.inject({
        ...{ method: "POST", url: "/api/v1/session" },
        payload: { email, password: testPassword },
      });
      return answer.cookies
        .map(({ name, value }) => `${name}=${encodeURIComponent(value)}`)
        .join("; ");
    },

    async get(url, cookie) {
      const answer = await app.inject({ url, headers: cookie ? { cookie } : {} });
      return { status: answer.statusCode, body: answer.json(), headers: headersOf(answer.headers) };
    },
  };
}

type Making = {
  readonly records: Records;
  readonly identity: Identity;
  readonly word: GatewayWord;
  readonly clock: DrivenClock;
};

async function addOrganisation(name: string, making: Making): Promise<TestOrganisation> {
  const { records, identity, word, clock } = making;
  const id = await records.organisation(name);
  await records.provision({ organisation: id, plants: [samplePlant(name)] });
  const email = `${name}@sunledger.example`;
  const user = { email, name, password: testPassword, role: "operator" as const };
  await identity.createUser({ ...user, organisation: name });

  const devices = await records.devices(id);
  for (const device of devices) word.announcementHeard(`${name}-gw`, sampleAnnouncement(device, 0));
  const reachable = { state: "reachable" as const, since: clock.now() };
  word.statusHeard(
    `${name}-gw`,
    {
      ...{ v: 1, state: "online", at: clock.now() },
      devices: Object.fromEntries(devices.map(({ tag }) => [tag, reachable])),
    },
    clock.now(),
  );
  const plant = (await records.plants(id))[0]?.id ?? "";
  return { id, name, plant, email, devices: new Map(devices.map((one) => [one.tag, one])) };
}

type Recording = Pick<TestApi, "frames" | "clock" | "latest" | "days"> & {
  readonly organisations: readonly TestOrganisation[];
};

function recorder({ frames, clock, latest, days, organisations }: Recording): TestApi["record"] {
  const epoch = randomUUID();
  let sequence = 0;

  return async (device, at, values, flags = {}) => {
    const of = organisations.find(({ devices }) =>
      [...devices.values()].some(({ id }) => id === device),
    );
    if (!of) throw new Error(`no device ${device}`);
    const layout = { lane: "values" as const, points: Object.keys(values) };
    const hash = await layoutHash(layout);
    await frames.keepLayout(hash, layout);
    sequence += 1;
    const numbers = Object.values(values);
    const quality = Object.fromEntries(
      layout.points.flatMap((point, i) => (flags[point] ? [[i, flags[point]]] : [])),
    );
    const read = { device, sequence, layout: hash, at, clock: "synced" as const, values: numbers };
    const frame = { ...read, quality };
    await frames.write([
      {
        ...{ organisation: of.id, gateway: `${of.name}-gw`, epoch, lane: "values" },
        ...{ arrival: clock.now(), frames: [frame], quarantined: [], gaps: [] },
      },
    ]);
    const message: LiveMessage = {
      ...{ v: 1, arrival: clock.now() },
      frames: [[device, hash, at, numbers, quality]],
    };
    await latest.accept(message);
    days.touched(of.plant, at, at);
  };
}

function headersOf(headers: Readonly<Record<string, unknown>>): Headers {
  const web = new Headers();
  for (const [name, value] of Object.entries(headers)) web.set(name, String(value));
  return web;
}
