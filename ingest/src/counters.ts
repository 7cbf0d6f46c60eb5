/** What ingest has done since it started. */
export type Counters = {
  messages: number;
  /** Messages that found the intake full: not acknowledged, hence sent again. */
  dropped: number;
  /** Messages of gateways that nobody knows. */
  unknownGateway: number;
  /** Frames stored for the first time. */
  accepted: number;
  repeated: number;
  quarantined: number;
  /** Rows and events left with their gateways, each time they came, since the clock was doubted. */
  left: number;
  conflicts: number;
  commits: number;
  /** Attempts to commit that failed because the store was away. */
  storeFailures: number;
  /** Attempts to commit in which a gateway waited because the records were away. */
  recordsFailures: number;
  /** Reports given up: what they speak of was not registered in time. */
  reportsGivenUp: number;
  acks: number;
  resets: number;
  live: number;
  /** Live messages given up because the broker took none. */
  liveLost: number;
};

export function noCounts(): Counters {
  return {
    messages: 0,
    dropped: 0,
    unknownGateway: 0,
    accepted: 0,
    repeated: 0,
    quarantined: 0,
    left: 0,
    conflicts: 0,
    commits: 0,
    storeFailures: 0,
    recordsFailures: 0,
    reportsGivenUp: 0,
    acks: 0,
    resets: 0,
    live: 0,
    liveLost: 0,
  };
}
