import type { Clock } from "@sunledger/runtime";
import type { Happening } from "../polling/counters/counter-guard.ts";
import type { ProxiedWrite } from "../proxy/proxied-write.ts";
import { tableOf } from "./written-register.ts";

export type ProxiedRecordParts = {
  readonly clock: Pick<Clock, "now" | "wait">;
  readonly note: (device: string, happenings: readonly Happening[]) => void;
};

/** What one client writes to one place is on record so often at most. */
const eachMs = 60_000;
/** So many places and clients of a device are told apart at once. */
const mostKept = 500;
const longestText = 200;

/** What is written to one place by one client; or to all places of a device that are not told apart. */
type Course = {
  /** The words that are on record. */
  noted: string;
  /** What was written since the record was looked at: how often, and what last. */
  times: number;
  last: Happening | undefined;
  /** The last of it that is not what is on record. */
  other: Happening | undefined;
};

/**
 * Takes down what clients of proxies have written, as events of the device: the first at once, then, where
 * other words follow within a minute, the last of each minute, and before it what stood in between where the
 * old words are back. The same words again are no news. Of places beyond 500 the last write of each minute is
 * told, and how many there were.
 */
export function proxiedRecord(
  { clock, note }: ProxiedRecordParts,
  signal: AbortSignal,
): (write: ProxiedWrite) => void {
  const devices = new Map<string, Map<string, Course>>();

  const follow = async (tag: string, key: string, course: Course) => {
    while (!signal.aborted) {
      await clock.wait(eachMs, signal);
      if (course.times === 0) break;
      const news = key === elsewhere ? summed(course) : newsOf(course);
      course.noted = news.at(-1)?.after ?? course.noted;
      Object.assign(course, nothingYet);
      if (news.length > 0) note(tag, news);
    }
    const courses = devices.get(tag);
    courses?.delete(key);
    if (courses?.size === 0) devices.delete(tag);
  };

  return ({ tag, unit, span, client }) => {
    const point = `${tableOf(span)}.${span.address}`;
    const after = cut(span.words.join(" "));
    const by = { id: "proxy", name: `Modbus client ${client}, unit ${unit}` };
    const written: Happening = { point, kind: "written", at: clock.now(), before: "", after, by };
    const courses = devices.get(tag) ?? new Map<string, Course>();
    devices.set(tag, courses);
    const own = JSON.stringify([unit, point, client]);
    const key = courses.has(own) || courses.size < mostKept ? own : elsewhere;
    const course = courses.get(key);
    if (course) {
      course.times += 1;
      course.last = written;
      if (after !== course.noted) course.other = written;
      return;
    }
    const begun: Course = { noted: after, ...nothingYet };
    courses.set(key, begun);
    note(tag, [written]);
    void follow(tag, key, begun);
  };
}

const nothingYet = { times: 0, last: undefined, other: undefined } as const;
/** The course of all places that are not told apart. */
const elsewhere = "";

function newsOf({ last, other }: Course): readonly Happening[] {
  if (!last || !other) return [];
  return last === other ? [last] : [other, last];
}

function summed({ last, times }: Course): readonly Happening[] {
  if (!last) return [];
  const how = ` (${times} writes to more than ${mostKept} places)`;
  return [{ ...last, after: cut(last.after, longestText - how.length) + how }];
}

function cut(text: string, most = longestText): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
