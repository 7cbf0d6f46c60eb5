import type { Flag, GivenUp, Lane, QuarantineCode, Value } from "@sunledger/model";
import { pointValues } from "./frame-reading.ts";
import type { Quarantined, StoredFrame } from "./frame-store.ts";

/** A page of what was kept aside of some gateways, newest first. */
export type RefusalQuery = {
  readonly organisation: string;
  readonly gateways: readonly string[];
  readonly most: number;
  readonly skip: number;
};

/** Which rows in quarantine: so many after that id, or from the beginning. */
export type QuarantineQuery = {
  readonly organisation: string;
  readonly gateway: string;
  /** All, if not given. */
  readonly code?: QuarantineCode | undefined;
  readonly after?: string | undefined;
  readonly most: number;
};

/** A row in quarantine as it is kept. */
export type QuarantinedRow = Quarantined & {
  /** Names it within its organisation, for `FrameBatch.replayed`. */
  readonly id: string;
  readonly epoch: string;
  readonly lane: Lane;
  /** Where it arrived. */
  readonly topic: string;
};

/** Rows of one gateway and lane that could not be used for one reason (D-6). */
export type QuarantineGroup = {
  readonly gateway: string;
  /** Where they arrived. */
  readonly topic: string;
  readonly lane: Lane;
  readonly code: QuarantineCode;
  readonly reason: string;
  /** How often such a row came; a numbered one that is sent again is the same. */
  readonly count: number;
  /** When ingest took the first and the newest of them, Unix milliseconds. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** How the newest begins, JSON as text. */
  readonly excerpt: string;
};

/** A value and its flag; absent is good. */
export type ToldValue = { readonly value: Value; readonly flag?: Flag };

/** A point of which two different values of one time arrived (D-5). */
export type PointConflict = {
  readonly device: string;
  readonly point: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** When ingest took the refused one, Unix milliseconds. */
  readonly arrival: number;
  /** What holds: what was there first; absent when it is there no more. */
  readonly kept?: ToldValue;
  readonly refused: ToldValue;
};

/** Frames that a gateway had and gave up before they were stored (D-9), or that it no longer had (D-15). */
export type KeptGap = GivenUp & {
  readonly gateway: string;
  readonly lane: Lane;
  /** When ingest was told, Unix milliseconds. */
  readonly arrival: number;
};

/** So much of a payload is shown, characters. */
export const excerptLength = 200;

/** The points by which a refused frame differs from the one that holds its key. */
export function conflictsBetween(
  refused: StoredFrame,
  kept: Pick<StoredFrame, "values" | "quality"> | undefined,
  { points, arrival }: { readonly points: readonly string[]; readonly arrival: number },
): PointConflict[] {
  const held = kept ? [...pointValues({ ...refused, quality: {}, ...kept }, points)] : [];
  return [...pointValues(refused, points)].flatMap(({ device, point, at, ...told }, i) => {
    const holder = held[i];
    if (holder?.value === told.value && holder.flag === told.flag) return [];
    const { value, flag } = holder ?? {};
    const known = value === undefined ? {} : { kept: { value, ...(flag && { flag }) } };
    return [{ device, point, at, arrival, ...known, refused: told }];
  });
}
