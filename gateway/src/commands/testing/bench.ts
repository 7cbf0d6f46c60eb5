import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, CommandOrder, CommandResult } from "@sunledger/model";
import { drivenClock } from "@sunledger/runtime";
import { pino } from "pino";
import { type ModbusPeer, modbusPeer } from "../../../../tests/support/modbus-peer/modbus-peer.ts";
import type { Behaviour } from "../../../../tests/support/modbus-peer/peer-request.ts";
import { patient } from "../../../../tests/support/patient.ts";
import { until } from "../../../../tests/support/until.ts";
import { GatewayConfig } from "../../config.ts";
import { leasedLinks } from "../../modbus/leased-links.ts";
import { modbusLinks } from "../../modbus/links.ts";
import type { Happening } from "../../polling/counters/counter-guard.ts";
import type { Device } from "../../polling/device.ts";
import { openDevice } from "../../polling/open-device.ts";
import { knownProfile, loadProfiles } from "../../profiles/load-profiles.ts";
import { loadSunspecModels, sunspecPointNames } from "../../sunspec/models.ts";
import { openCommandBook } from "../command-book.ts";
import { type CommandDesk, commandDesk } from "../command-desk.ts";
import { testDeviceProfile, testRegisters } from "./test-profile.ts";

export const noon = Date.UTC(2026, 5, 21, 12);
export const percent = "setpoint.activePower.percent";
export const orderedBy = { id: "u1", name: "Li Wei" };

const log = pino({ level: "silent" });
const models = loadSunspecModels();
const shipped = loadProfiles({ sunspec: sunspecPointNames(models) });
/** The test device's with so much patience, and those that are shipped. */
function profilesWith(responseTimeoutMs: number) {
  const limits = { ...testDeviceProfile.limits, responseTimeoutMs };
  const known = knownProfile({ ...testDeviceProfile, limits }, new Map());
  return new Map([...shipped, [testDeviceProfile.id, known] as const]);
}

/** A desk with one device, over a real connection. */
export type Bench = {
  readonly clock: ReturnType<typeof drivenClock>;
  readonly peer: ModbusPeer;
  readonly url: string;
  /** Where its record of commands is. */
  readonly folder: string;
  readonly sent: CommandResult[];
  readonly notes: Happening[];
  /** Whether the gateway's clock is kept right. */
  clockState: "synced" | "unsynced";
  /** What the gateway's clock was set forward by, or back. */
  aheadMs: number;
  /** Whether the broker takes results. */
  connected: boolean;
  /** The device of its own file. */
  readonly own: Device;
  /** What the gateway polls, where that is not what its own file says. */
  polled?: Device;
  desk: CommandDesk;
  /** Puts an order on the desk; its id. */
  order(what: CommandOrder | object, more?: Partial<Command>): string;
  set(value: number, more?: object): string;
  /** What was said of a command so far. */
  said(id: string): CommandResult[];
  /** Its last word, once it is said. */
  ended(id: string): Promise<CommandResult>;
  restart(): Promise<void>;
  close(): Promise<void>;
};

export type BenchOptions = {
  /** What the device is, and what it holds. */
  readonly profile?: string;
  readonly registers?: Iterable<readonly [number, number]>;
  readonly usual?: Behaviour;
  readonly config?: object;
  /** What the device has to answer, of real time: short where it is silent on purpose. */
  readonly responseTimeoutMs?: number;
  /** Of its start. */
  readonly clockState?: "synced" | "unsynced";
};

/** For a device that is silent on purpose, and answers other requests all the same. */
export const soonSilent = { responseTimeoutMs: 500 } as const;

export const allowed = { commands: { allow: [{ device: "INV-*", point: "setpoint.*" }] } };

export async function bench({
  config: more = allowed,
  clockState = "synced",
  profile = testDeviceProfile.id,
  registers = testRegisters,
  responseTimeoutMs = patient.timeout,
  usual,
}: BenchOptions = {}): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "sunledger-commands-"));
  const clock = drivenClock(noon);
  const wall = { ...clock, now: () => clock.now() + one.aheadMs };
  const peer = await modbusPeer({ registers, ...(usual && { usual }) });
  const url = `tcp://127.0.0.1:${peer.port}?unit=1`;
  const device = { tag: "INV-01", url, profile };
  const config = GatewayConfig.parse({ id: "roof-17", devices: [device], ...more });
  const links = modbusLinks({ clock, log });
  const lease = leasedLinks(links);
  const classes = { fast: 1_000, normal: 10_000, slow: 60_000 };
  const profiles = profilesWith(responseTimeoutMs);
  const own = openDevice({
    config: device,
    ...{ profiles, models, links: lease(), clock, classes, log },
  });
  const sent: CommandResult[] = [];
  const notes: Happening[] = [];

  let stopping = new AbortController();
  let book = openCommandBook(folder, { clock, log });
  const open = () =>
    commandDesk(
      {
        ...{ clock: wall, log, book, models, lease },
        note: (_tag, happenings) => void notes.push(...happenings),
        isSynced: () => one.clockState === "synced",
        own: () => config,
        profiles: () => profiles,
        devices: () => config.devices,
        device: (tag) => [one.polled ?? own].find((polled) => polled.tag === tag),
        configuration: () => ({ devices: [device] }),
        async send(result) {
          if (one.connected) sent.push(result);
          return one.connected;
        },
        onSession: () => undefined,
      },
      stopping.signal,
    );

  const stop = async () => {
    stopping.abort();
    await one.desk.settled();
    book.close();
  };

  const one: Bench = {
    ...{ clock, clockState, peer, url, own, folder, sent, notes },
    aheadMs: 0,
    connected: true,
    desk: undefined as unknown as CommandDesk,
    order(what, rest = {}) {
      const now = wall.now();
      const command = {
        ...{ v: 1, id: crypto.randomUUID(), session: one.desk.session(), orderedBy },
        ...{ at: now, expiresAt: now + 30_000, what, ...rest },
      };
      one.desk.hear(command);
      return command.id;
    },
    set: (value, rest = {}) =>
      one.order({ kind: "set", device: "INV-01", point: percent, value, ...rest }),
    said: (id) => sent.filter((result) => result.id === id),
    async ended(id) {
      const isLast = ({ state }: CommandResult) => state !== "accepted" && state !== "progress";
      const last = () => one.said(id).find(isLast);
      return until(`the end of ${id}`, last, { timeoutMs: 30_000, everyMs: 5 });
    },
    async restart() {
      await stop();
      stopping = new AbortController();
      book = openCommandBook(folder, { clock, log });
      one.desk = open();
      one.desk.begun();
    },
    async close() {
      await stop();
      links.close();
      await peer.close();
      rmSync(folder, { recursive: true });
    },
  };
  one.desk = open();
  return one;
}
