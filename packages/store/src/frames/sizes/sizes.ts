import type { Lane } from "@sunledger/model";

/** What the tables of an installation's frames take, and how fast they come. */
export type Sizes = {
  /** Bytes on disk, indexes included. */
  readonly bytes: {
    readonly open: number;
    readonly packed: number;
    readonly rollUps: number;
    /** Quarantine and conflicts. */
    readonly aside: number;
    /** Every other table of the database. */
    readonly rest: number;
  };
  /** Of the stretch that was looked at, by lane; a lane that brought nothing is absent. */
  readonly pace: readonly Pace[];
  /** Bytes that a value takes here, absent where there is too little to tell by. */
  readonly bytesAValue: {
    readonly open?: number;
    readonly packed: Partial<Record<Lane, number>>;
  };
  /** Bytes that a day adds to the roll-ups; absent before the first day is rolled up. */
  readonly rollUpsADay?: { readonly minutes: number; readonly longer: number };
};

/** What came of one lane in a day. */
export type Pace = {
  readonly lane: Lane;
  /** Devices that sent any. */
  readonly devices: number;
  readonly framesADay: number;
  readonly valuesADay: number;
};
