import { randomUUID } from "node:crypto";
import type { Asked, Scan, SeriesEngine, SeriesRow } from "../series/series-engine.ts";
import { SeriesError } from "../series/series-error.ts";
import { soundLineAt, writeOrBlame } from "../series/write-or-blame.ts";
import { victoriaAddress } from "./victoria-address.ts";
import { type VictoriaClient, victoriaClient, type Window } from "./victoria-client.ts";
import {
  fieldOf,
  fieldsOf,
  fitsSamples,
  flagAt,
  goodValueAt,
  markersOf,
  metricOf,
  type Samples,
  samplesOf,
  sequenceField,
  streamField,
  valueAt,
} from "./victoria-fields.ts";

const dayMs = 86_400_000;
const leastRetentionMs = 3_650 * dayMs;

/** How long is believed what the server said of its start. */
const startLastsMs = 1_000;

/** So many frames are read at once. */
const pageSize = 10_000;

/** Names of points are written out up to so many; more are read with all that their device has. */
const mostNamed = 50;

/**
 * The VictoriaMetrics at that address, one server or a cluster: written by the client of InfluxDB, read by
 * MetricsQL. Throws one sentence where it cannot keep what it is given.
 */
export async function openVictoriaEngine(address: string): Promise<SeriesEngine> {
  const place = victoriaAddress(address);
  const victoria = victoriaClient(place);
  try {
    // It answers 200 to nearly everything: what it says of itself tells that it is one.
    const said = place.retention ?? retentionIn(await victoria.metrics());
    const retentionMs = said === undefined ? undefined : durationOf(said);
    if (retentionMs === undefined) {
      throw unfit(
        `what answers at ${place.writeUrl} does not say how long it keeps samples, as VictoriaMetrics does`,
      );
    }
    if (retentionMs < leastRetentionMs) {
      throw unfit(
        `VictoriaMetrics at ${place.writeUrl} drops what is older than ${said}: start it with ` +
          "-retentionPeriod=100y; Sunledger forgets by its own settings",
      );
    }
    await victoria.greatest('count({__name__="frame_any"})', { from: 0, to: 1 });
    return victoriaEngine(victoria, retentionMs);
  } catch (error) {
    victoria.close();
    throw error;
  }
}

function victoriaEngine(victoria: VictoriaClient, retentionMs: number): SeriesEngine {
  /** Whether something was written since readers were last known to find everything. */
  let lags = false;
  // For ten seconds it remembers which series a selector has found, were it none. A selector that nobody has
  // used yet is looked up: a label that no series has tells one from another.
  const [own, times] = [randomUUID(), { written: 0 }];
  const selectorOf: SelectorOf = (scan, fields) => {
    return seriesOf(scan, fields, times.written === 0 ? undefined : `${own}/${times.written}`);
  };
  let found: Promise<void> = Promise.resolve();
  const catchUp = () => {
    lags = false;
    found = victoria.catchUp().then(
      () => {
        times.written += 1;
      },
      (error: unknown) => {
        lags = true;
        throw error;
      },
    );
    return found;
  };
  /** Resolves once all that was written here is found; whoever comes meanwhile waits for the same. */
  const ownFound = () => (lags ? catchUp() : found);

  const rows = async (asked: Asked, window: Window): Promise<readonly SeriesRow[]> => {
    const series = await victoria.samples(selectorOf(asked, fieldsAsked(asked)), window);
    const samples: Samples = new Map(
      series.map(({ metric, times, values }) => {
        return [fieldOf(metric), new Map(times.map((at, i) => [at, values[i] as number]))];
      }),
    );
    return asked.good ? goodRows(samples, asked) : allRows(samples, asked);
  };

  /** Halves the window until a page holds its frames. */
  async function* pages(asked: Asked, window: Window): AsyncGenerator<readonly SeriesRow[]> {
    const frames = selectorOf(asked, [sequenceField]);
    const overWindow = (name: string) => `${name}_over_time(${frames}[$window])`;
    const count = await victoria.greatest(overWindow("count"), window);
    if (count === undefined) return;
    const ends = count <= pageSize ? [] : ["tfirst", "tlast"];
    const [first = 0, last = 0] = await Promise.all(
      ends.map((name) => victoria.greatest(overWindow(name), window)),
    );
    if (first === last) {
      const page = await rows(asked, window);
      if (page.length > 0) yield page;
      return;
    }
    const middle = Math.ceil((first + last) * 500);
    yield* pages(asked, { from: window.from, to: middle });
    yield* pages(asked, { from: middle, to: window.to });
  }

  let start: Promise<number> | undefined;

  return {
    memory: {
      serverTime: victoria.serverTime,

      startedAt() {
        if (start !== undefined) return start;
        start = victoria.metrics().then(startIn);
        // Asked anew soon, and at once after a failure.
        start.catch(() => {
          start = undefined;
        });
        setTimeout(() => {
          start = undefined;
        }, startLastsMs).unref();
        return start;
      },
    },

    holds(frame) {
      // It drops what is older than its retention and what lies two days ahead of its clock, and says nothing.
      const now = victoria.serverTime();
      const isKept = frame.at > now - retentionMs + dayMs && frame.at < now + dayMs;
      return frame.at >= firstInstant && isKept && fitsSamples(frame);
    },

    async write(frames, pointsOf) {
      const lines = frames.map((frame) => samplesOf(frame, pointsOf(frame.layout)));
      const soundLine = soundLineAt(victoria.serverTime());
      await writeOrBlame({ lines, write: victoria.write, soundLine });
      lags = true;
      times.written += 1;
    },

    catchUp,

    async *pages(asked) {
      await ownFound();
      const window = windowOf(asked);
      if (window) yield* pages(asked, window);
    },

    async last(asked) {
      await ownFound();
      const window = windowOf(asked);
      if (!window) return undefined;
      const fields = asked.good ? asked.points.flatMap(markersOf) : [sequenceField];
      const newest = `tlast_over_time(${selectorOf(asked, fields)}[$window])`;
      const seconds = await victoria.greatest(newest, window);
      if (seconds === undefined) return undefined;
      const at = Math.round(seconds * 1_000);
      const [row] = await rows(asked, { from: at, to: at + 1 });
      return row;
    },

    async count(scan) {
      await ownFound();
      const counts = `count_over_time(${selectorOf(scan, [sequenceField])}[$window])`;
      const window = windowOf(scan);
      return (window && (await victoria.greatest(counts, window))) ?? 0;
    },

    // It deletes whole series alone. What is forgotten is shown to nobody, and goes with its retention.
    async remove() {},

    async close() {
      victoria.close();
    },
  };
}

/** Instants it can be asked about: it looks back some time from the first, and finds nothing before 1970. */
const [firstInstant, lastInstant] = [Date.UTC(1971, 0), Date.UTC(2200, 0)];

/** What of a window it can be asked about. */
function windowOf(asked: Window): Window | undefined {
  const [from, to] = [Math.max(firstInstant, asked.from), Math.min(asked.to, lastInstant)];
  return from < to ? { from, to } : undefined;
}

function fieldsAsked({ points, good }: Asked): readonly string[] {
  if (points.length > mostNamed) return [];
  const own = points.flatMap((point) => fieldsOf(point, good));
  return good ? own : [sequenceField, streamField, ...own];
}

type SelectorOf = (
  scan: Pick<Scan, "organisation" | "device" | "layout">,
  fields: readonly string[],
) => string;

/** The series of the fields, or of all; looked up anew where something else than before is `unlike`. */
function seriesOf(
  { organisation, device, layout }: Parameters<SelectorOf>[0],
  fields: readonly string[],
  unlike: string | undefined,
): string {
  const names = fields.map((field) => metricOf(field).replace(/[.[\]]/g, "\\\\$&"));
  const labels = [
    names.length > 0 ? `__name__=~"${names.join("|")}"` : '__name__=~"frame_.+"',
    `organisation="${organisation}"`,
    `device="${device}"`,
    `layout="${layout}"`,
    ...(unlike === undefined ? [] : [`unlike!="${unlike}"`]),
  ];
  return `{${labels.join(",")}}`;
}

function allRows(samples: Samples, { points }: Asked): readonly SeriesRow[] {
  const sequences = [...(samples.get(sequenceField) ?? [])].sort(([a], [b]) => a - b);
  return sequences.map(([at, sequence]) => ({
    ...{ at, sequence, stream: samples.get(streamField)?.get(at) ?? 0 },
    values: points.map((point) => valueAt(samples, point, at)),
    flags: points.map((point) => flagAt(samples, point, at)),
  }));
}

function goodRows(samples: Samples, { points }: Asked): readonly SeriesRow[] {
  const markers = points.flatMap(markersOf);
  const times = new Set(markers.flatMap((field) => [...(samples.get(field)?.keys() ?? [])]));
  return [...times]
    .sort((a, b) => a - b)
    .map((at) => ({
      ...{ at, sequence: 0, stream: 0 },
      values: points.map((point) => goodValueAt(samples, point, at)),
      flags: points.map(() => undefined),
    }));
}

function unfit(message: string): SeriesError {
  return new SeriesError(`${message}; check SUNLEDGER_TIMESERIES_URL`, { kind: "refused" });
}

/** When the server was started, Unix milliseconds; 0 for a cluster, which does not say. */
function startIn(metrics: string): number {
  const [, seconds = "0"] = /^process_start_time_seconds (\S+)/m.exec(metrics) ?? [];
  return Math.round(Number(seconds) * 1_000);
}

/** What the server's flag says. */
function retentionIn(metrics: string): string | undefined {
  return /^flag\{name="retentionPeriod", ?value="([^"]*)"/m.exec(metrics)?.[1];
}

const units: Readonly<Record<string, number>> = {
  "": 31 * dayMs,
  h: dayMs / 24,
  d: dayMs,
  w: 7 * dayMs,
  y: 365 * dayMs,
};

/** `100y`, or a number of months. */
function durationOf(said: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([hdwy]?)$/.exec(said) ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit] ?? 0);
}
