import { type Ack, topics } from "@sunledger/model";
import { type Clock, packJson } from "@sunledger/runtime";
import { type FrameStore, isSeriesIll } from "@sunledger/store";
import type { Accepted, Arrived } from "../accept/accept.ts";
import { noEpoch } from "../accept/judge.ts";
import type { Decided, Layouts } from "../accept/layouts.ts";
import type { Counters } from "../counters.ts";
import type { Failpoint } from "../failpoint.ts";
import { acksOf, resetAck } from "./acks.ts";
import { type KeepEvents, withEvents } from "./events.ts";
import type { Holes } from "./holes.ts";
import type { Intake } from "./intake.ts";
import { type AddressedLive, liveOf } from "./live.ts";
import { liveQueue } from "./live-queue.ts";
import { merge, streamOf } from "./merge.ts";
import { withRefusedLayouts } from "./refused-layouts.ts";
import type { Resets } from "./resets.ts";
import { type Writing, type Written, writeAround, writeCounters } from "./write-around.ts";

export type CommitParts = {
  readonly intake: Intake;
  readonly accept: (message: Arrived) => Promise<Accepted | undefined>;
  readonly layouts: Pick<Layouts, "keepAnnounced" | "keepAgain">;
  readonly frameStore: FrameStore;
  readonly keepEvents: KeepEvents;
  readonly resets: Resets;
  readonly holes: Holes;
  /** Hears that the store is another than before: restored, or a replica (D-15). */
  readonly onNewStore?: () => void;
  readonly organisationOf: (gateway: string) => Promise<string | undefined>;
  readonly publish: (topic: string, payload: Buffer) => Promise<void>;
  /** Hears each ack. */
  readonly onAck?: (gateway: string, ack: Ack) => void;
  readonly failpoint: Failpoint;
  readonly counters: Counters;
  readonly clock: Clock;
};

/** So many rows at most share a commit: the next ones wait no longer than these take. */
const mostRows = 2_000;
/** Long payloads count as so many rows more: some 4 MB share a commit. */
const bytesPerRow = 2_048;

/**
 * One commit: takes messages from the intake, writes what they hold, and only then acknowledges and
 * tells (D-4, D-10). It throws while the store is away; the messages taken are then kept, and the
 * next call goes on with them.
 */
export function committer(parts: CommitParts) {
  const { counters, failpoint, frameStore, layouts } = parts;
  /** Accepted and not committed yet: outlives a failed call. */
  let taken: Accepted[] = [];
  const waiting = waitingRooms(parts.resets);
  let knownStore: string | undefined;
  const news = liveQueue((one) => publishLive(parts, one));

  /** Why values are kept waiting while counters go on. */
  let heldUp: Trouble | undefined;

  /** Of a store of time series that is away the incarnation it had: counters are not in it. */
  const readIncarnation = async () => {
    try {
      return { store: await renewIncarnation() };
    } catch (cause) {
      if (knownStore === undefined || !isSeriesIll(cause)) throw cause;
      return { store: knownStore, trouble: { cause } };
    }
  };

  const renewIncarnation = async () => {
    // Before the write: an ack never claims for a new incarnation what an old one has stored.
    const store = await frameStore.incarnation();
    if (knownStore !== undefined && knownStore !== store) {
      parts.resets.askAll();
      parts.onNewStore?.();
    }
    knownStore = store;
    return store;
  };

  const mend = async () => layouts.keepAgain(merge(taken.map(({ batch }) => batch)));

  const write = async (known: Trouble | undefined): Promise<Writing> => {
    const batches = merge(taken.map(({ batch }) => batch));
    failpoint("ingest.beforeCommit");
    const writing = known
      ? await writeCounters(frameStore, batches, known.cause)
      : await writeAround(frameStore, batches, mend);
    failpoint("ingest.afterCommit");
    count(counters, writing.written);
    return writing;
  };

  const tell = async (written: readonly Written[], done: readonly Accepted[], store: string) => {
    const { clock, holes, resets } = parts;
    for (const { batch, outcome } of written) holes.note(batch, outcome.settled);
    const events = await parts.keepEvents(done);
    failpoint("ingest.afterEvents");
    const acks = acksOf(written, store, resets.settle).map((one) => withRefusedLayouts(one, done));
    await Promise.all(acks.map((one) => publishAck(parts, one.gateway, withEvents(one, events))));
    failpoint("ingest.afterAck");

    const plants = new Map(done.map(({ sender }) => [sender.id, sender.plant]));
    const messages = liveOf(written, (gateway) => plants.get(gateway), clock.now());
    counters.liveLost += news.add(messages);
  };

  return async (): Promise<void> => {
    const { store, trouble: away } = await readIncarnation();
    waiting.open(await layouts.keepAnnounced());
    failpoint("ingest.afterLayouts");
    const trouble = await gather(parts, taken, heldUp !== undefined);
    heldUp = away;
    for (const { sender, batch, waiting: hashes } of taken) {
      if (batch.epoch !== noEpoch) parts.resets.meet(sender.id, batch.epoch);
      for (const hash of hashes) waiting.enter(hash, sender.id, batch.epoch);
    }
    if (taken.length > 0) {
      const { written, trouble: ofStore } = await write(away);
      heldUp = ofStore;
      const [done, rest] = partedBy(taken, written);
      await tell(written, done, store);
      taken = rest;
    }
    if (heldUp ?? trouble) throw (heldUp ?? trouble)?.cause;
    await publishResets(parts, store);
  };
}

type Trouble = NonNullable<Writing["trouble"]>;

/** What was written of the messages, and those of which nothing was. */
function partedBy(
  taken: readonly Accepted[],
  written: readonly Written[],
): readonly [done: Accepted[], rest: Accepted[]] {
  const names = new Set(written.map(({ batch }) => streamOf(batch)));
  const { done = [], rest = [] } = Object.groupBy(taken, ({ batch }) => {
    return names.has(streamOf(batch)) ? "done" : "rest";
  });
  return [done, rest];
}

/**
 * Fills up to one commit's worth. A gateway whose message cannot be accepted now keeps it and is
 * passed over, the others are served; the first such trouble is the answer. While values are held up they take
 * no room from counters: what is beyond one commit's worth of them is dropped, and comes again.
 */
async function gather(
  { intake, accept, counters }: CommitParts,
  taken: Accepted[],
  valuesWait: boolean,
): Promise<Trouble | undefined> {
  const taking = room(taken, valuesWait);
  let sincePause = 0;
  let trouble: Trouble | undefined;
  const passedOver = new Set<string>();
  while (taking.hasRoom()) {
    const message = intake.take(passedOver);
    if (!message) return trouble;
    let accepted: Accepted | undefined;
    try {
      accepted = await accept(message);
    } catch (cause) {
      trouble ??= { cause };
      passedOver.add(message.gateway);
      intake.putBack(message);
      continue;
    }
    counters.messages += 1;
    if (!accepted) {
      counters.unknownGateway += 1;
      continue;
    }
    if (taking.take(accepted)) {
      taken.push(accepted);
      counters.left += accepted.left;
    } else counters.dropped += 1;
    sincePause += sizeOf(accepted);
    if (sincePause > 1_000) {
      sincePause = 0;
      await new Promise((resolve) => setImmediate(resolve)); // the broker is listened to meanwhile
    }
  }
  return trouble;
}

/** Counts how much is taken of what can be written now. */
function room(taken: readonly Accepted[], valuesWait: boolean) {
  const rows = { going: 0, waiting: 0 };
  const kindOf = ({ batch }: Accepted) => {
    return valuesWait && batch.lane === "values" ? ("waiting" as const) : ("going" as const);
  };
  for (const accepted of taken) rows[kindOf(accepted)] += sizeOf(accepted);
  return {
    hasRoom: () => rows.going < mostRows,
    /** Whether there is room for it. */
    take(accepted: Accepted): boolean {
      const kind = kindOf(accepted);
      if (rows[kind] >= mostRows) return false;
      rows[kind] += sizeOf(accepted);
      return true;
    },
  };
}

function sizeOf({ batch, events, waitingRows, left, bytes }: Accepted): number {
  const { frames, quarantined, gaps } = batch;
  const rows =
    frames.length + quarantined.length + gaps.length + events.length + waitingRows + left;
  return rows + Math.floor(bytes / bytesPerRow);
}

/** Who has rows that wait for a layout: they are asked to send again once it is known. */
function waitingRooms(resets: Resets) {
  const rooms = new Map<string, Map<string, { gateway: string; epoch: string }>>();

  /** Lets out the rows of all, or of one gateway: the others' wait on for what it could not give. */
  const letOut = (hash: string, gateway?: string) => {
    const room = rooms.get(hash);
    for (const [key, one] of room ?? []) {
      if (gateway !== undefined && one.gateway !== gateway) continue;
      resets.ask(one.gateway, one.epoch);
      room?.delete(key);
    }
    if (room?.size === 0) rooms.delete(hash);
  };

  return {
    enter(hash: string, gateway: string, epoch: string) {
      if (rooms.size > 10_000) rooms.clear(); // the gateways' own timers remain
      const room = rooms.get(hash) ?? new Map();
      rooms.set(hash, room.set(`${gateway}/${epoch}`, { gateway, epoch }));
    },
    open({ usable, refused }: Decided) {
      for (const hash of usable) letOut(hash);
      for (const { hash, gateway } of refused) letOut(hash, gateway);
    },
  };
}

function count(counters: Counters, written: readonly Written[]) {
  if (written.length > 0) counters.commits += 1;
  for (const { batch, outcome } of written) {
    counters.accepted += outcome.fresh.size;
    counters.repeated += outcome.repeated;
    counters.conflicts += outcome.conflicts;
    counters.quarantined += batch.quarantined.length;
  }
}

async function publishResets(parts: CommitParts, store: string) {
  const { frameStore, organisationOf, resets } = parts;
  for (const [gateway, epochs] of [...resets.pending()]) {
    const organisation = await organisationOf(gateway);
    const settled = organisation ? await frameStore.settled(organisation, gateway) : undefined;
    for (const epoch of [...epochs]) {
      resets.settle(gateway, epoch);
      if (!settled) continue;
      await publishAck(parts, gateway, resetAck(epoch, settled, store));
      parts.failpoint("ingest.afterReset");
    }
  }
}

async function publishAck(parts: CommitParts, gateway: string, ack: Ack) {
  const { publish, onAck, counters, clock } = parts;
  onAck?.(gateway, ack);
  counters.acks += 1;
  if (ack.reset) counters.resets += 1;
  const said: Ack = { ...ack, at: clock.now() };
  await publish(topics.ack(gateway), await packJson(said));
}

async function publishLive(
  { publish, counters }: CommitParts,
  { organisation, plant, message }: AddressedLive,
) {
  counters.live += 1;
  await publish(topics.live(organisation, plant), await packJson(message));
}
