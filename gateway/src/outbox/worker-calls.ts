import type { Lane, Ranges } from "@sunledger/model";
import type { Correction, Sent } from "./correction.ts";
import type { KeptRow } from "./kept-rows.ts";
import type { Batch, Committed, OutboxFile, OutboxState, Stored } from "./outbox-file.ts";

/** What was found on opening. */
export type Opening = {
  readonly state: OutboxState;
  readonly layouts: ReturnType<OutboxFile["layouts"]>;
  readonly notes: ReturnType<OutboxFile["notes"]>;
  readonly setAside?: string;
};

/** What the worker thread does when it is asked to. */
export type WorkerCalls = {
  /** Opens the file, or closes it and opens it anew. */
  open(now: number): Opening;
  commit(batch: Batch): Committed;
  read(lane: Lane, numbers: Ranges): KeptRow[];
  correct(sent: Sent, anchor: number, now: number): Correction;
  rewind(lane: Lane, to: Stored, now: number): OutboxState;
  beginEpoch(now: number): OutboxState;
  /** Closes the file; the thread ends. */
  close(): void;
};

export type Call = { readonly id: number; readonly name: string; readonly args: unknown[] };
export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };
