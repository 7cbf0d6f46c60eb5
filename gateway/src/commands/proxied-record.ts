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
/** So many places and clients are told apart at once. */
const mostKept = 500;
const longestText = 200;

/** What one client writes to one place. */
type Course = {
  /** The words that are on record. */
  noted: string;
  /** What was written last since the record was looked at. */
  last: Happening | undefined;
};

/**
 * Takes down what clients of proxies have written, as events of the device: the first at once, then, where
 * other words follow within a minute, the last of each minute. The same words again are no news.
 */
export function proxiedRecord(
  { clock, note }: ProxiedRecordParts,
  signal: AbortSignal,
): (write: ProxiedWrite) => void {
  const courses = new Map<string, Course>();

  const follow = async (key: string, tag: string, course: Course) => {
    while (!signal.aborted) {
      await clock.wait(eachMs, signal);
      const { last } = course;
      if (!last) break;
      course.last = undefined;
      if (last.after === course.noted) continue;
      course.noted = last.after;
      note(tag, [last]);
    }
    courses.delete(key);
  };

  return ({ tag, unit, span, client }) => {
    const point = `${tableOf(span)}.${span.address}`;
    const after = span.words.join(" ").slice(0, longestText);
    const by = { id: "proxy", name: `Modbus client ${client}, unit ${unit}` };
    const written: Happening = { point, kind: "written", at: clock.now(), before: "", after, by };
    const own = JSON.stringify([tag, unit, point, client]);
    const key = courses.has(own) || courses.size < mostKept ? own : tag;
    const course = courses.get(key);
    if (course) {
      course.last = written;
      return;
    }
    const begun = { noted: after, last: undefined };
    courses.set(key, begun);
    note(tag, [written]);
    void follow(key, tag, begun);
  };
}
