import {
  type BatchOutcome,
  type FrameBatch,
  type FrameStore,
  isSeriesIll,
  type Quarantined,
} from "@sunledger/store";
import { keptPayload } from "../accept/kept-payload.ts";
import { isStoreIll } from "./is-store-ill.ts";

export type Written = { readonly batch: FrameBatch; readonly outcome: BatchOutcome };

/** What was written, and why the rest was not. */
export type Writing = {
  readonly written: readonly Written[];
  readonly trouble?: { readonly cause: unknown };
};

type Store = Pick<FrameStore, "write">;

/**
 * Writes all batches at once. When the store refuses, `mend` may put right what the store lacks;
 * what is refused then is halved until the store's trouble is found: that frame alone is
 * quarantined, and everything else is written (D-6). Throws while the store takes nothing at all:
 * then it is away or full, and no content is to blame. So it is where it says so of itself, though
 * it may take what is smaller. What ails a store of time series alone keeps no counters back.
 */
export async function writeAround(
  store: Store,
  batches: readonly FrameBatch[],
  mend: () => Promise<void> = async () => {},
): Promise<Writing> {
  try {
    return { written: await write(store, batches) };
  } catch (error) {
    if (isSeriesIll(error)) return writeCounters(store, batches, error);
    await store.write(batches.map(emptied)); // throws when the store is away
    await mend();
    return { written: await writeOrHalve(store, batches) };
  }
}

/**
 * Writes what does not need the store of time series, which has a trouble of its own: bills rest on counters, and
 * neither lane keeps the other waiting.
 */
export async function writeCounters(
  store: Store,
  batches: readonly FrameBatch[],
  cause: unknown,
): Promise<Writing> {
  const counters = batches.filter(({ lane }) => lane === "counters");
  if (counters.length === 0) return { written: [], trouble: { cause } };
  const { written } = await writeAround(store, counters);
  return { written, trouble: { cause } };
}

async function writeOrHalve(
  store: Store,
  batches: readonly FrameBatch[],
): Promise<readonly Written[]> {
  try {
    return await write(store, batches);
  } catch (error) {
    if (isSeriesIll(error)) throw error; // the same for each half, however long it takes
    const halves = halve(batches);
    if (!halves) return quarantineAlone(store, batches, error);
    const [first, second] = halves;
    return [...(await writeOrHalve(store, first)), ...(await writeOrHalve(store, second))];
  }
}

async function write(store: Store, batches: readonly FrameBatch[]): Promise<Written[]> {
  const outcomes = await store.write(batches);
  return batches.map((batch, i) => ({ batch, outcome: outcomes[i] as BatchOutcome }));
}

/** The one that the store refuses while it takes others. */
async function quarantineAlone(
  store: Store,
  [batch]: readonly FrameBatch[],
  cause: unknown,
): Promise<readonly Written[]> {
  const [frame] = batch?.frames ?? [];
  // No frame to blame: nothing is left to try, or a smaller one found the last of the room.
  if (!batch || !frame || isStoreIll(cause)) throw cause;
  const reason = `the store refuses it: ${cause instanceof Error ? cause.message : cause}`;
  const refused: Quarantined = {
    sequence: frame.sequence,
    code: "refused",
    reason: reason.slice(0, 300),
    payload: keptPayload(frame).payload,
  };
  return write(store, [{ ...batch, frames: [], quarantined: [refused] }]);
}

/** Two halves by batches, or of one batch by its content; `undefined` when one thing is left. */
function halve(batches: readonly FrameBatch[]): [FrameBatch[], FrameBatch[]] | undefined {
  const middle = batches.length >> 1;
  if (middle > 0) return [batches.slice(0, middle), batches.slice(middle)];
  const [batch] = batches;
  if (!batch) return undefined;
  const { frames, quarantined, gaps } = batch;
  if (frames.length > 0 && quarantined.length + gaps.length > 0) {
    return [[{ ...batch, frames: [] }], [{ ...batch, quarantined: [], gaps: [] }]];
  }
  const half = frames.length >> 1;
  if (half === 0) return undefined;
  const part = (frames: FrameBatch["frames"]): FrameBatch[] => [{ ...batch, frames }];
  return [part(frames.slice(0, half)), part(frames.slice(half))];
}

function emptied(batch: FrameBatch): FrameBatch {
  return { ...batch, frames: [], quarantined: [], gaps: [] };
}
