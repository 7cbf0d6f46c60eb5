import type {
  ClockState,
  Flag,
  GivenUp,
  Lane,
  Layout,
  Quality,
  QuarantineCode,
  Range,
  Ranges,
  SpanAccount,
  Value,
} from "@sunledger/model";
import type {
  KeptGap,
  PointConflict,
  QuarantinedRow,
  QuarantineGroup,
  QuarantineQuery,
  RefusalQuery,
} from "./refusals.ts";
import type { Span } from "./spans.ts";
import type { Steps } from "./steps.ts";

/** A frame that ingest has accepted: the device is known by its id. */
export type StoredFrame = {
  /** The device's id, a UUID. */
  readonly device: string;
  readonly sequence: number;
  /** The hash of a layout that was given to `keepLayout` before. */
  readonly layout: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly clock: ClockState;
  readonly values: readonly Value[];
  readonly quality?: Quality;
};

/** A row that cannot be used (D-6): kept with its reason, settled, and replayable after a fix. */
export type Quarantined = {
  /** Absent when the row did not say. */
  readonly sequence?: number;
  readonly code: QuarantineCode;
  /** What exactly is wrong, in English. */
  readonly reason: string;
  readonly payload: unknown;
};

/** What one gateway, epoch and lane hands over in one transaction. */
export type FrameBatch = {
  readonly organisation: string;
  readonly gateway: string;
  readonly epoch: string;
  readonly lane: Lane;
  /** When ingest took it, Unix milliseconds. */
  readonly arrival: number;
  readonly frames: readonly StoredFrame[];
  readonly quarantined: readonly Quarantined[];
  readonly gaps: readonly GivenUp[];
  /**
   * Ids of quarantined rows of the stream that are usable now: they leave quarantine with this batch,
   * whose frames under their numbers are judged as if they were new (D-6).
   */
  readonly replayed?: readonly string[];
};

export type BatchOutcome = {
  /** Sequence numbers of the batch's frames that were new; effects hang on these (D-10). */
  readonly fresh: ReadonlySet<number>;
  /** Frames already settled, or whose (device, at, layout) held the same values. */
  readonly repeated: number;
  /** Frames kept aside: their (device, at, layout) held other values (D-5). */
  readonly conflicts: number;
  /** All that is settled of (gateway, epoch, lane) after the commit. */
  readonly settled: Ranges;
  /** A settled number arrived with another device or time: the outbox is a copy, begin a new epoch. */
  readonly newEpoch: boolean;
};

export type PointRange = {
  readonly organisation: string;
  readonly devices: readonly string[];
  readonly points: readonly string[];
  /** Inclusive, Unix milliseconds. */
  readonly from: number;
  /** Exclusive, Unix milliseconds. */
  readonly to: number;
};

export type PointValue = {
  readonly device: string;
  readonly point: string;
  readonly at: number;
  readonly value: Value;
  /** Absent is good. */
  readonly flag?: Flag;
};

export type Bucket = {
  readonly device: string;
  readonly point: string;
  /** The bucket's start, Unix milliseconds. */
  readonly start: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  readonly first: number;
  readonly last: number;
  /** When the first and the last of them were measured, Unix milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** How many good values it holds. */
  readonly count: number;
};

/** A span of a device's point without a hole. */
export type Covered = Span & { readonly device: string; readonly point: string };

type OfStream = { readonly epoch: string; readonly lane: Lane };

/** Which numbers of one gateway, epoch and lane are to be accounted for, span by span. */
export type AccountQuery = OfStream & {
  readonly organisation: string;
  readonly gateway: string;
  readonly spans: readonly Range[];
};

/** What a gateway sent that is not among the frames, each named once however often it came. */
export type KeptAside = {
  readonly quarantined: readonly (OfStream & Quarantined)[];
  /** Frames whose (device, at, layout) held other values (D-5). */
  readonly conflicts: readonly (OfStream & { readonly frame: StoredFrame })[];
  readonly gaps: readonly (OfStream & GivenUp)[];
};

/** Where frames are kept. Every implementation passes `frameStoreContract`. */
export interface FrameStore {
  readonly promises: {
    /** A second, different value of one identity is kept aside (D-5). */
    readonly keepsConflicts: boolean;
    /** Counters of 64 bits and decimal strings come back digit by digit. */
    readonly exactCounters: boolean;
    /** What `write` has resolved survives a power cut. */
    readonly durableOnReturn: boolean;
  };

  /** Names this store's content: changed by a restore (D-15). */
  incarnation(): Promise<string>;

  /** Keeps a layout for ever; the same again changes nothing. */
  keepLayout(hash: string, layout: Layout): Promise<void>;
  layout(hash: string): Promise<Layout | undefined>;

  /**
   * Commits frames, quarantine, gaps and the settled numbers together and resolves once that is
   * durable (D-4). One outcome a batch, in order. Writing a batch again changes nothing. Throws
   * when nothing was written.
   */
  write(batches: readonly FrameBatch[]): Promise<readonly BatchOutcome[]>;

  /** What is settled of a gateway, for its ack after a restart of ingest (D-2). */
  settled(
    organisation: string,
    gateway: string,
  ): Promise<readonly { readonly epoch: string; readonly lane: Lane; readonly settled: Ranges }[]>;

  /** What became of the numbers of each span, in their order (D-13). */
  account(query: AccountQuery): Promise<readonly SpanAccount[]>;

  /** What was kept aside of a gateway: for people, and to count that nothing is missing (D-13). */
  aside(organisation: string, gateway: string): Promise<KeptAside>;

  /** Rows of a gateway that wait in quarantine, in the order of their numbers, page by page. */
  quarantinedRows(query: QuarantineQuery): Promise<readonly QuarantinedRow[]>;

  /** What could not be used of some gateways, by reason: page by page, newest first. */
  quarantined(query: RefusalQuery): Promise<readonly QuarantineGroup[]>;

  /**
   * What was refused because another value holds its place: newest first, `most` frames at a time
   * after `skip` frames, each with all the points that differ.
   */
  conflicts(query: RefusalQuery): Promise<readonly (readonly PointConflict[])[]>;

  /** What gateways have given up: the newest measured first, page by page. */
  gaps(query: RefusalQuery): Promise<readonly KeptGap[]>;

  /**
   * The newest value of each point of the devices up to `now`: at most `lookBackMs` old, or however old
   * where that is absent.
   */
  latest(query: {
    readonly organisation: string;
    readonly devices: readonly string[];
    readonly now: number;
    readonly lookBackMs?: number;
  }): Promise<readonly PointValue[]>;

  /** The names of all points that stored frames of the device ever had, in alphabetical order. */
  pointsOf(organisation: string, device: string): Promise<readonly string[]>;

  /** Values ordered by device, point and time. */
  read(range: PointRange): AsyncIterable<PointValue>;

  /**
   * Aggregates of the good, numeric values in the buckets that the range is cut into, ordered by
   * device, point and time. Empty buckets are absent. When they are to be `final`, as for a bill, and frames
   * that came late are not yet in all that is derived from them, it throws `StaleBuckets`.
   */
  buckets(range: PointRange & Steps & { readonly final?: boolean }): Promise<readonly Bucket[]>;

  /**
   * The spans of time in which good values of a point follow each other within `maxGapMs`, ordered by
   * device, point and time: what lies between them is a hole.
   */
  coverage(range: PointRange & { readonly maxGapMs: number }): Promise<readonly Covered[]>;

  /**
   * Deletes the frames of a lane that are older than the day of UTC in which `before` lies; resolves
   * to how many that were. What was settled stays so: a frame that comes again is known, and lost.
   */
  forget(query: {
    readonly organisation: string;
    readonly lane: Lane;
    /** Unix milliseconds. */
    readonly before: number;
    /** Devices that keep theirs. */
    readonly except?: readonly string[];
    /** Keeps for now what is not yet in all that is derived from frames, if anything is. */
    readonly unlessStale?: boolean;
  }): Promise<number>;

  /** The last good value at or before `at`, not older than `lookBackMs`: what a counter showed then. */
  valueAt(query: {
    readonly organisation: string;
    readonly devices: readonly string[];
    readonly point: string;
    readonly at: number;
    readonly lookBackMs: number;
  }): Promise<readonly PointValue[]>;
}
