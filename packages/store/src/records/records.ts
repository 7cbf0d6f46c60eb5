import type {
  Device,
  DeviceAnnouncement,
  DeviceEventKind,
  FoundPlace,
  Gateway,
  GatewayStatus,
  KeptEvent,
  Plant,
  Role,
} from "@sunledger/model";
import type { NewAuditEntry } from "./audit.ts";

/** What the broker and ingest must know of a gateway before they know its organisation. */
export type GatewayEntry = {
  readonly id: string;
  readonly organisation: string;
  readonly plant: string;
  /** SHA-256 of the gateway's random secret, hex. */
  readonly secretHash: string;
  /** The devices of its plant, by tag. */
  readonly devices: ReadonlyMap<string, string>;
  /** When its last status was heard, Unix milliseconds; absent before the first. */
  readonly heardAt?: number;
};

/** Which events of these devices: the newest come first. */
export type EventQuery = {
  readonly organisation: string;
  readonly devices: readonly string[];
  /** All, if not given. */
  readonly kinds?: readonly DeviceEventKind[];
  /** Inclusive, Unix milliseconds. */
  readonly from: number;
  /** Exclusive, Unix milliseconds. */
  readonly to: number;
  readonly most: number;
};

/** Which plants and devices. */
export type PlaceSearch = {
  readonly organisation: string;
  /** Words that are all to be found, in whatever order and case. */
  readonly text: string;
  /** The plant whose devices stand before their equals. */
  readonly near?: string | undefined;
  readonly most: number;
};

/** What a device is rated for, as far as somebody knows, watts. */
export type Rating = Pick<Device, "ratedAcW" | "ratedDcW">;

export type Membership = {
  readonly organisation: string;
  readonly organisationName: string;
  readonly role: Role;
};

/** Plants, gateways and devices to be there after `provision`; found again by code, id and tag. */
export type Provision = {
  readonly organisation: string;
  readonly plants: readonly {
    readonly plant: Omit<Plant, "id">;
    readonly gateways: readonly { readonly id: string; readonly secretHash: string }[];
    readonly devices: readonly Omit<Device, "id" | "plant" | "announcement">[];
  }[];
};

/** Everything that is not a time series. Every call but the first three runs under row-level security. */
export interface Records {
  /** The gateway of that id in whatever organisation; `undefined` when there is none. */
  gatewayEntry(id: string): Promise<GatewayEntry | undefined>;
  /** Where a signed-in user belongs. */
  membership(user: string): Promise<Membership | undefined>;
  /** The organisation of that name, made when absent; its id. */
  organisation(name: string): Promise<string>;

  /** What is there already keeps its rating: another device may stand in its place by now. */
  provision(wanted: Provision): Promise<void>;
  addMember(organisation: string, user: string, role: Role): Promise<void>;

  /** A plant whose inverters are all rated has the power that they add up to; any other what was said of it. */
  plants(organisation: string): Promise<readonly Plant[]>;
  gateways(organisation: string, plant?: string): Promise<readonly Gateway[]>;
  devices(organisation: string, plant?: string): Promise<readonly Device[]>;
  /** The same devices without what is announced of them, which is long. */
  deviceList(organisation: string, plant?: string): Promise<readonly Device[]>;
  /** What is announced of these devices, by id; one of which nothing is has no entry. */
  announcements(
    organisation: string,
    devices: readonly string[],
  ): Promise<ReadonlyMap<string, DeviceAnnouncement>>;
  device(organisation: string, id: string): Promise<Device | undefined>;
  /**
   * Plants by code and name, devices by tag, name, serial number, model, and their plant's code and
   * name. First those of which the whole text is one of their own words, then those that have one
   * beginning with it, then those that hold its words, then those that do together with their plant.
   */
  search(wanted: PlaceSearch): Promise<readonly FoundPlace[]>;

  /**
   * Says what a device is rated for from now on: another one stands in its place. Absent: nobody knows.
   * Who says so is written down with it, by the rating before.
   */
  rate(
    organisation: string,
    device: string,
    rating: Rating,
    entryOf?: (before: Rating) => NewAuditEntry,
  ): Promise<void>;

  keepAnnouncement(
    organisation: string,
    device: string,
    announcement: DeviceAnnouncement,
  ): Promise<void>;
  keepStatus(
    organisation: string,
    gateway: string,
    status: GatewayStatus,
    heardAt: number,
  ): Promise<void>;

  /** Keeps events of devices, whose ids they name; one that is kept already changes nothing. */
  keepEvents(organisation: string, events: readonly KeptEvent[]): Promise<void>;
  events(query: EventQuery): Promise<readonly KeptEvent[]>;

  close(): Promise<void>;
}
