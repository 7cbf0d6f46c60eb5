import type { FrameStore } from "@sunledger/store";

/** What the api asks of the store of frames: it reads, and writes nothing. */
export type KeptFrames = Pick<
  FrameStore,
  | "incarnation"
  | "layout"
  | "settled"
  | "account"
  | "latest"
  | "buckets"
  | "valueAt"
  | "quarantined"
  | "conflicts"
  | "gaps"
>;
