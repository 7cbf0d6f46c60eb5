/** Where a fault strikes; two faults never strike one place at once. */
export type Place =
  | "broker"
  | "ingest"
  | "store"
  | "gateway"
  | "uplink"
  | "ingestLink"
  | "databaseLink"
  | "brokerDatabaseLink"
  | "series"
  | "seriesLink"
  | "api"
  | "apiDatabaseLink"
  | "field"
  | "peer";

type Span = readonly [from: number, to: number];

type Kind = {
  readonly place: Place;
  /** How long it lasts, milliseconds. */
  readonly lastsMs: Span;
  /** A number that says more: bytes before a cut, passes of a failpoint. */
  readonly detail?: Span;
  /** Whether it takes too long for the short run, or is held there by the model alone. */
  readonly isLong?: true;
  /** Whether a program ends by it, or may: what it holds in memory begins anew. */
  readonly ends?: true;
  /** Whether a disk has to be mounted for it. */
  readonly needsDisk?: true;
};

const moment: Span = [0, 0];
const instant: Span = [200, 1_000];
const passes: Span = [1, 3];

/** What may happen to the pipe, as data: the codes are of `docs/delivery.md` and of the reliability table. */
export const faultKinds = {
  brokerKill: { place: "broker", lastsMs: [200, 2_500], ends: true },
  brokerPause: { place: "broker", lastsMs: [1_000, 5_000] },
  ingestKill: { place: "ingest", lastsMs: [200, 2_500], ends: true },
  ingestPause: { place: "ingest", lastsMs: [1_000, 4_000] },
  ingestClockAhead: { place: "ingest", lastsMs: [2_000, 4_000], detail: [60_000, 31_536_000_000] },
  /** By more than a frame may be ahead: to this clock everything good is of the future. */
  ingestClockBack: { place: "ingest", lastsMs: [2_000, 4_000], detail: [700_000, 31_536_000_000] },
  ingestAfterLayouts: {
    place: "ingest",
    lastsMs: instant,
    detail: passes,
    ends: true,
    isLong: true,
  },
  ingestBeforeCommit: { place: "ingest", lastsMs: instant, detail: passes, ends: true },
  ingestAfterCommit: { place: "ingest", lastsMs: instant, detail: passes, ends: true },
  ingestAfterEvents: {
    place: "ingest",
    lastsMs: instant,
    detail: passes,
    ends: true,
    isLong: true,
  },
  ingestAfterAck: { place: "ingest", lastsMs: instant, detail: passes, ends: true },
  ingestAfterReset: { place: "ingest", lastsMs: instant, detail: [1, 1], ends: true, isLong: true },
  storeStop: { place: "store", lastsMs: [200, 4_000], ends: true },
  storePause: { place: "store", lastsMs: [1_000, 5_000] },
  storeDiskFull: { place: "store", lastsMs: [3_000, 6_000], ends: true, needsDisk: true },
  gatewayKill: { place: "gateway", lastsMs: [200, 2_500], ends: true },
  /** In the midst of its transaction, and behind it before anybody was told. */
  gatewayMidWrite: { place: "gateway", lastsMs: instant, ends: true },
  gatewayAfterWrite: { place: "gateway", lastsMs: instant, ends: true },
  gatewayPause: { place: "gateway", lastsMs: [1_000, 5_000] },
  diskFull: { place: "gateway", lastsMs: [3_000, 5_000], needsDisk: true },

  uplinkCut: { place: "uplink", lastsMs: [0, 3_000] },
  uplinkHalfOpen: { place: "uplink", lastsMs: [500, 4_000] },
  uplinkLatency: { place: "uplink", lastsMs: [4_000, 6_000], detail: [2_000, 2_000] },
  uplinkSlow: { place: "uplink", lastsMs: [4_000, 6_000], detail: [9_600, 9_600] },
  uplinkMidFrame: { place: "uplink", lastsMs: moment, detail: [1, 900] },

  ingestLinkCut: { place: "ingestLink", lastsMs: [0, 3_000] },
  ingestLinkHalfOpen: { place: "ingestLink", lastsMs: [500, 4_000] },
  ingestLinkLatency: { place: "ingestLink", lastsMs: [4_000, 6_000], detail: [2_000, 2_000] },
  ingestLinkSlow: { place: "ingestLink", lastsMs: [4_000, 6_000], detail: [9_600, 9_600] },
  ingestLinkMidFrame: { place: "ingestLink", lastsMs: moment, detail: [1, 900] },

  databaseLinkCut: { place: "databaseLink", lastsMs: [0, 2_000] },
  databaseLinkLatency: { place: "databaseLink", lastsMs: [4_000, 6_000], detail: [2_000, 2_000] },
  databaseLinkMidFrame: { place: "databaseLink", lastsMs: moment, detail: [1, 2_000] },
  databaseLinkHalfOpen: { place: "databaseLink", lastsMs: [2_000, 4_000], isLong: true },

  brokerDatabaseCut: { place: "brokerDatabaseLink", lastsMs: [0, 3_000] },
  brokerDatabaseLatency: {
    ...{ place: "brokerDatabaseLink", lastsMs: [4_000, 6_000], detail: [2_000, 2_000] },
  },
  brokerDatabaseHalfOpen: { place: "brokerDatabaseLink", lastsMs: [2_000, 4_000], isLong: true },

  /** Of a store of values beside PostgreSQL, where the house has one. */
  seriesKill: { place: "series", lastsMs: [200, 2_500], ends: true },
  seriesPause: { place: "series", lastsMs: [1_000, 5_000] },
  seriesLinkCut: { place: "seriesLink", lastsMs: [0, 3_000] },
  seriesLinkHalfOpen: { place: "seriesLink", lastsMs: [500, 4_000] },
  seriesLinkLatency: { place: "seriesLink", lastsMs: [4_000, 6_000], detail: [2_000, 2_000] },
  seriesLinkMidFrame: { place: "seriesLink", lastsMs: moment, detail: [1, 900] },

  apiKill: { place: "api", lastsMs: [200, 2_500], ends: true },
  apiDatabaseCut: { place: "apiDatabaseLink", lastsMs: [0, 3_000] },

  fieldCut: { place: "field", lastsMs: [0, 3_000] },
  fieldHalfOpen: { place: "field", lastsMs: [500, 3_000] },
  fieldLatency: { place: "field", lastsMs: [3_000, 5_000], detail: [2_000, 2_000] },
  fieldSlow: { place: "field", lastsMs: [3_000, 5_000], detail: [9_600, 9_600] },
  fieldMidFrame: { place: "field", lastsMs: moment, detail: [1, 60] },

  repeatedBatches: { place: "peer", lastsMs: moment, detail: [20, 60] },
  poisonMessages: { place: "peer", lastsMs: moment },
  brokenPackets: { place: "peer", lastsMs: moment, detail: [40, 80] },
  /** Of the future for an ingest too that is a year ahead itself. */
  clockJump: { place: "peer", lastsMs: moment, detail: [32_000_000_000, 63_072_000_000] },
} as const satisfies Readonly<Record<string, Kind>>;

export type FaultKind = keyof typeof faultKinds;

export const allKinds = Object.keys(faultKinds) as readonly FaultKind[];

export function kindOf(kind: FaultKind): Kind {
  return faultKinds[kind];
}
