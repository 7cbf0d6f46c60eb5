import type { ConfigurationState, Device, OrderedBy } from "@sunledger/model";
import type { NewAuditEntry } from "./audit.ts";

/** What a gateway says became of the newest version that it was given. */
export type ReportedConfiguration = NonNullable<ConfigurationState["pushed"]>;

/** One version of what a gateway shall poll, and what the gateway made of it. */
export type KeptConfiguration = {
  readonly gateway: string;
  readonly version: number;
  /** Null gives the word back to the gateway's own file. */
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly at: number;
  readonly by: OrderedBy;
  /** Why, in the words of who made it; may be empty. */
  readonly note: string;
  /** `sent` until the gateway has said something about it. */
  readonly state: "sent" | ReportedConfiguration["state"];
  readonly reasons?: readonly string[];
  /** By the gateway's clock, Unix milliseconds. */
  readonly reportedAt?: number;
  /** The version that it brings again, because the gateway had lost it. */
  readonly again?: number;
};

export type NewConfiguration = Pick<
  KeptConfiguration,
  "gateway" | "version" | "document" | "at" | "by" | "note" | "again"
>;

/** A device that is registered together with the version that begins to poll it. */
export type DeviceToCome = Omit<Device, "id" | "announcement"> & { readonly gateway: string };

/** What goes with a version: all of it or nothing. */
export type BesideConfiguration = {
  readonly devices?: readonly DeviceToCome[];
  /** The roll-out that makes it: nothing is kept once that has changed. */
  readonly rollout?: { readonly id: string; readonly revision: number };
  /** Who makes it. */
  readonly entry?: NewAuditEntry;
};

export type ConfigurationQuery = {
  readonly organisation: string;
  readonly gateway: string;
  /** Exclusive. */
  readonly before?: number;
  readonly most: number;
};

/** The versions of gateways' configurations. Every implementation passes `configurationsContract`. */
export interface Configurations {
  /**
   * Keeps a version, which has to be the one after the newest, and registers devices with it: all or
   * nothing. A device of the same tag that its gateway has never announced is replaced; any other is
   * left alone, and its tag told. A tag that is registered again after it went has its old id.
   */
  add(
    organisation: string,
    fresh: NewConfiguration,
    beside?: BesideConfiguration,
  ): Promise<"kept" | "notNext" | "rolloutChanged" | { readonly tagTaken: string }>;
  /** The newest first. */
  list(query: ConfigurationQuery): Promise<readonly KeptConfiguration[]>;
  one(
    organisation: string,
    gateway: string,
    version: number,
  ): Promise<KeptConfiguration | undefined>;
  /** The newest version that the gateway has ever said to be applied, whatever became of it later. */
  lastApplied(organisation: string, gateway: string): Promise<KeptConfiguration | undefined>;
  /**
   * Keeps what the gateway says of a version; `false` when there is none such. With one that it refuses go the
   * devices that were registered with it, unless something came of them or another version polls them.
   */
  report(organisation: string, gateway: string, said: ReportedConfiguration): Promise<boolean>;
}
