/** What is wrong with a subject, and for how long: what alarms are made of. */
export type Condition = {
  /** What it is about: a device's id, a gateway's. */
  readonly subject: string;
  /** What is wrong, as `rollup_mismatch`. */
  readonly kind: string;
  /** Of which part of the subject: a point, a lane. */
  readonly channel: string;
  /** Unix milliseconds. */
  readonly start: number;
  /** Absent while it lasts. */
  readonly end?: number | undefined;
  /** What it was seen by, for people. */
  readonly evidence: Readonly<Record<string, unknown>>;
};

export type KeptCondition = Condition & {
  /** When it was found first, Unix milliseconds. */
  readonly foundAt: number;
};

/** Conditions are kept once, however often they are found: by subject, kind, channel and start. */
export interface Conditions {
  /** Keeps them; of one that is known the end and the evidence are renewed. */
  keep(organisation: string, foundAt: number, conditions: readonly Condition[]): Promise<void>;
  /** Those that a stretch of time knows of, newest first. */
  of(query: {
    readonly organisation: string;
    /** Absent: of all kinds. */
    readonly kind?: string | undefined;
    /** Inclusive and exclusive, Unix milliseconds. */
    readonly from: number;
    readonly to: number;
    readonly most: number;
  }): Promise<readonly KeptCondition[]>;
}
