import * as z from "zod";
import { Device } from "../plant/plant.ts";
import { GatewayPermissions, GatewayStatus } from "../telemetry/announcement.ts";
import { OrderedBy } from "../telemetry/command.ts";
import {
  ConfigurationNumber,
  ConfigurationState,
  ConfiguredExchange,
  mostConfiguredDevices,
} from "../telemetry/configuration.ts";
import { Balance } from "../telemetry/conservation.ts";
import { DeviceTag } from "../telemetry/frame.ts";
import { GatewaySummary } from "./plants.ts";

/** A gateway as it stands. */
export const GatewayDetail = z.object({
  ...GatewaySummary.shape,
  /** The plant's id. */
  plant: z.string(),
  /** Whether it has delivered frames and never said how it stands: it brings what was recorded before. */
  imports: z.boolean(),
  /** Frames that it keeps until they are stored. */
  waiting: z.int().nonnegative().nullable(),
  lanes: GatewayStatus.shape.lanes,
  /**
   * Its counts beside what is stored: each lane as a whole, and the hours in which something is missing.
   */
  balances: z.array(Balance),
  /** How large its outbox may grow, bytes, and how long it can go on keeping everything, milliseconds. */
  outbox: GatewayStatus.shape.outbox,
  clock: GatewayStatus.shape.clock,
  /** Until when the certificate of its broker is valid, Unix milliseconds; absent where it speaks no TLS. */
  certificateUntil: GatewayStatus.shape.certificateUntil,
  /** Layouts whose rows went to quarantine since it connected, and why. */
  refusedLayouts: GatewayStatus.shape.refusedLayouts,
  /** How many of its devices it reaches; `unheard` are those of which its word is too old to say. */
  devices: z.object({
    total: z.int(),
    reachable: z.int(),
    asleep: z.int(),
    unheard: z.int(),
  }),
  /** Whether it would take a command now. */
  takesCommands: z.boolean(),
  allows: GatewayPermissions.optional(),
  configuration: ConfigurationState.optional(),
  /** The newest version that was made for it here; 0 for none. */
  newestVersion: z.int().nonnegative(),
});
export type GatewayDetail = z.infer<typeof GatewayDetail>;

export const GatewayList = z.object({ serverTime: z.int(), gateways: z.array(GatewayDetail) });
export type GatewayList = z.infer<typeof GatewayList>;

/** A version of a gateway's configuration, without the document. */
export const ConfigurationVersion = z.object({
  version: ConfigurationNumber,
  at: z.int(),
  by: OrderedBy,
  note: z.string(),
  /** What the gateway made of it; `sent` until it has said something. */
  state: z.enum(["sent", "applied", "trial", "refused", "rolledBack"]),
  reasons: z.array(z.string()).optional(),
  /** By the gateway's clock. */
  reportedAt: z.int().optional(),
  /** The version that it brings again, made by the server because the gateway had lost it. */
  again: ConfigurationNumber.optional(),
});
export type ConfigurationVersion = z.infer<typeof ConfigurationVersion>;

export const ConfigurationVersions = z.object({
  versions: z.array(ConfigurationVersion),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type ConfigurationVersions = z.infer<typeof ConfigurationVersions>;

const Document = z.record(z.string(), z.unknown()).nullable();

export const ConfigurationDetail = z.object({
  ...ConfigurationVersion.shape,
  /** `null` gives the word back to the gateway's own file. */
  document: Document,
});
export type ConfigurationDetail = z.infer<typeof ConfigurationDetail>;

/** What differs between two documents, in the order of the paths. */
export const ConfigurationChange = z.object({
  /** `devices[INV-01].url`: a device is named by its tag. */
  path: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
});
export type ConfigurationChange = z.infer<typeof ConfigurationChange>;

export const ConfigurationChanges = z.object({ changes: z.array(ConfigurationChange) });
export type ConfigurationChanges = z.infer<typeof ConfigurationChanges>;

/** A device that a new version begins to poll. */
export const DeviceToRegister = Device.pick({
  tag: true,
  name: true,
  kind: true,
  atGrid: true,
  ratedAcW: true,
  ratedDcW: true,
});
export type DeviceToRegister = z.infer<typeof DeviceToRegister>;

/** Another device takes the place of one, where not both say their serial numbers themselves. */
export const DeviceExchange = z.object({
  tag: DeviceTag,
  before: ConfiguredExchange.shape.before.trim(),
  after: ConfiguredExchange.shape.after.trim(),
  /** The order by which the new device was read. */
  command: z.uuid(),
});
export type DeviceExchange = z.infer<typeof DeviceExchange>;

/** The next version: a document of its own, or that of an older one again. */
export const NewConfigurationVersion = z.object({
  note: z.string().max(200).default(""),
  document: Document.optional(),
  /** Goes back to this version's document. */
  sameAs: ConfigurationNumber.optional(),
  /** Registers devices of the document with it: all of them, or the version is not made. */
  register: z.array(DeviceToRegister).max(mostConfiguredDevices).default([]),
  /** Tells the gateway of exchanges that it cannot notice: it begins their counters anew and notes them. */
  exchanges: z.array(DeviceExchange).max(100).default([]),
});
export type NewConfigurationVersion = z.input<typeof NewConfigurationVersion>;
