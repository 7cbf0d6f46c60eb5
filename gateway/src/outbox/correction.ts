import type { DatabaseSync } from "node:sqlite";
import type { DeviceEvent, Lane } from "@sunledger/model";
import { earliestInstant, latestInstant } from "@sunledger/model/instants";
import { lowestOf, type Ranges, without } from "@sunledger/model/ranges";
import { anchorOf, contentOf, frameOf, readRows } from "./kept-rows.ts";
import type { NotedEvent } from "./notes.ts";
import { uuidV7 } from "./uuid-v7.ts";

/** What became of the times of frames that were taken by a clock that was wrong (D-14). */
export type Corrected = {
  readonly frames: number;
  /** The greatest step of them, milliseconds; negative where times went back. */
  readonly byMs: number;
  /** One of each device whose frames were moved. */
  readonly events: readonly DeviceEvent[];
};

/** What may have left the gateway, with the times that it had. */
export type Sent = Readonly<Record<Lane, Ranges>> & {
  /** Ids; none, if not given. */
  readonly events?: readonly string[];
};

export type Correction = Corrected & {
  /** Events noted before, as they are now. */
  readonly moved: readonly DeviceEvent[];
  /** Why the others could not be moved: they still can be. */
  readonly trouble?: string;
};

export const noneCorrected: Corrected = { frames: 0, byMs: 0, events: [] };

/** A clock that is kept right is slewed by less: the time stays at its slot. */
const leastStepMs = 500;
/** Moves smaller than this are no news of a device. */
const leastTellingMs = 1_000;

type Span = { readonly epoch: number; readonly lane: Lane; readonly numbers: Ranges };

/**
 * Moves the time of each of these frames that bears an anchor, by what the clock was wrong then: its
 * number and values stay. `told` are devices of which an event tells already.
 */
export function correctTimes(
  db: DatabaseSync,
  { epoch, lane, numbers }: Span,
  { anchor, now, told }: { anchor: number; now: number; told: ReadonlySet<string> },
): Corrected {
  const update = db.prepare(
    "UPDATE frames SET at = ?, row = ? WHERE epoch = ? AND lane = ? AND sequence = ?",
  );
  const events = new Map<string, DeviceEvent>();
  let frames = 0;
  let byMs = 0;
  for (const row of readRows(db, epoch, lane, numbers)) {
    const own = anchorOf(row);
    if (own === undefined) continue;
    const step = stepOf(own, anchor);
    const at = row.at + step;
    if (!isInstant(at)) continue;
    const frame = frameOf(row);
    update.run(at, contentOf({ ...frame, clock: "corrected" }), epoch, lane, row.sequence);
    frames += 1;
    if (Math.abs(step) > Math.abs(byMs)) byMs = step;
    const isTold = told.has(frame.device) || events.has(frame.device);
    if (isTold || Math.abs(step) < leastTellingMs) continue;
    events.set(frame.device, {
      ...{ id: uuidV7(now), device: frame.device, point: "clock.offset", kind: "clockCorrected" },
      ...{ at, before: String(row.at), after: String(at) },
    });
  }
  return { frames, byMs, events: [...events.values()] };
}

/** The ids of the events that bear an anchor and are not among those sent. */
export function movableEvents(db: DatabaseSync, sent: readonly string[] = []): readonly string[] {
  const left = new Set(sent);
  return db
    .prepare(
      `SELECT id FROM events
        WHERE CASE WHEN json_valid(content) THEN content ->> '$.anchor' END IS NOT NULL ORDER BY id`,
    )
    .all()
    .map(({ id }) => String(id))
    .filter((id) => !left.has(id));
}

/** Moves these events like frames; answers those that were, as they are now. */
export function correctEvents(
  db: DatabaseSync,
  ids: readonly string[],
  anchor: number,
): readonly DeviceEvent[] {
  const read = db.prepare("SELECT content FROM events WHERE id = ?");
  const update = db.prepare("UPDATE events SET content = ? WHERE id = ?");
  return ids.flatMap((id) => {
    const { anchor: own, ...event }: NotedEvent = JSON.parse(String(read.get(id)?.content));
    const at = event.at + (own === undefined ? 0 : stepOf(own, anchor));
    if (!isInstant(at)) return [];
    const moved = { ...event, at };
    update.run(JSON.stringify(moved), id);
    return [moved];
  });
}

function stepOf(own: number, anchor: number): number {
  return Math.abs(anchor - own) < leastStepMs ? 0 : anchor - own;
}

function isInstant(at: number): boolean {
  return at >= earliestInstant && at <= latestInstant;
}

export function togetherCorrected(a: Corrected, b: Corrected): Corrected {
  return {
    frames: a.frames + b.frames,
    byMs: Math.abs(b.byMs) > Math.abs(a.byMs) ? b.byMs : a.byMs,
    events: [...a.events, ...b.events],
  };
}

/** Numbers in parts of so many each. */
export function* partsOfNumbers(numbers: Ranges, most: number): Iterable<Ranges> {
  for (let left = numbers; left.length > 0; ) {
    const part = lowestOf(left, most);
    yield part;
    left = without(left, part);
  }
}
