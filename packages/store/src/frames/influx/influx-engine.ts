import { Flag } from "@sunledger/model";
import * as z from "zod";
import type { Asked, Scan, SeriesEngine, SeriesRow } from "../series/series-engine.ts";
import { SeriesError } from "../series/series-error.ts";
import { soundLineAt, writeOrBlame } from "../series/write-or-blame.ts";
import { exactValue } from "../values.ts";
import { influxAddress } from "./influx-address.ts";
import { type InfluxClient, type InfluxVersion, openInflux, type Series } from "./influx-client.ts";
import {
  columnsOf,
  doubtedField,
  firstInstant,
  fitsLine,
  lastInstant,
  lineOf,
  measurementOf,
  qualityField,
  sequenceField,
  streamField,
} from "./influx-lines.ts";

const pageSize = 5_000;

/**
 * The InfluxDB at that address: 1.x, 2 or 3, written by its client and read by InfluxQL. Throws one sentence
 * where it cannot keep what it is given.
 */
export async function openInfluxEngine(address: string): Promise<SeriesEngine> {
  const place = influxAddress(address);
  const influx = await openInflux(place);
  try {
    await refuseForgetful(influx, place.bucket);
    return influxEngine(influx);
  } catch (error) {
    influx.close();
    throw error;
  }
}

function influxEngine(influx: InfluxClient): SeriesEngine {
  const ask = async (asked: Asked, order: "ASC" | "DESC", most: number) => {
    if (isBeyond(asked)) return [];
    const [series] = await influx.query(selectOf(asked, order, most));
    return series ? rowsOf(series, asked) : [];
  };

  return {
    holds(frame) {
      return fitsLine(frame) && columnsOf(frame) <= mostColumns(influx.version);
    },

    write(frames, pointsOf) {
      const lines = frames.map((frame) => lineOf(frame, pointsOf(frame.layout)));
      return writeOrBlame({ lines, write: influx.write, soundLine: soundLineAt(probedAt) });
    },

    async catchUp() {},

    async *pages(asked) {
      for (let { from } = asked; ; ) {
        const page = await ask({ ...asked, from }, "ASC", pageSize);
        if (page.length > 0) yield page;
        if (page.length < pageSize) return;
        from = (page.at(-1) as SeriesRow).at + 1;
      }
    },

    async last(asked) {
      const [row] = await ask(asked, "DESC", 1);
      return row;
    },

    async count(scan) {
      if (isBeyond(scan)) return 0;
      const select = `SELECT count("${sequenceField}") FROM "${measurementOf(scan.layout)}"`;
      const [series] = await influx.query(`${select} WHERE ${whereOf(scan)}`);
      return Number(series?.values[0]?.[1] ?? 0);
    },

    async remove({ layout, organisation, device, to }) {
      await influx.remove(measurementOf(layout), { organisation, device }, to);
    },

    async close() {
      influx.close();
    },
  };
}

const probedAt = Date.UTC(2020, 0);

/** InfluxDB 3 Core gives a table so many columns and no more. */
function mostColumns({ major }: InfluxVersion): number {
  return major < 3 ? Number.POSITIVE_INFINITY : 500;
}

function selectOf(asked: Asked, order: "ASC" | "DESC", most: number): string {
  const { layout, points, good } = asked;
  const own = points.flatMap((point) => (good ? [point] : [point, doubtedField(point)]));
  const fields = good ? own : [...own, sequenceField, streamField, qualityField];
  const names = fields.map((field) => `"${field}"`).join(", ");
  return (
    `SELECT ${names} FROM "${measurementOf(layout)}" ` +
    `WHERE ${whereOf(asked)} ORDER BY time ${order} LIMIT ${most}`
  );
}

/** Whether it cannot even say the time of what is asked for. */
function isBeyond({ from, to }: Scan): boolean {
  return from > lastInstant || to <= firstInstant;
}

function whereOf({ organisation, device, from, to }: Scan): string {
  const first = Math.max(firstInstant, from);
  const last = Math.min(lastInstant, to - 1);
  const tags = `"organisation" = '${organisation}' AND "device" = '${device}'`;
  return `${tags} AND time >= ${first}ms AND time <= ${last}ms`;
}

function rowsOf({ columns, values }: Series, { points, good }: Asked): readonly SeriesRow[] {
  const placeOf = (field: string) => columns.indexOf(field);
  const goods = points.map(placeOf);
  const doubts = points.map((point) => placeOf(doubtedField(point)));
  const [sequence, stream, quality] = [sequenceField, streamField, qualityField].map(placeOf);
  return values.map((row) => {
    const cell = (place: number | undefined) => (place === undefined ? null : row[place]) ?? null;
    const doubtful = good ? undefined : qualityOf(cell(quality));
    return {
      at: Number(row[0]),
      sequence: Number(cell(sequence) ?? 0),
      stream: Number(cell(stream) ?? 0),
      values: goods.map((place, i) => {
        const value = cell(place) ?? cell(doubts[i]);
        return typeof value === "number" ? exactValue(value) : null;
      }),
      flags: points.map((point) => doubtful?.[point]),
    };
  });
}

const Doubts = z.record(z.string(), Flag);

function qualityOf(text: unknown): Readonly<Record<string, Flag>> | undefined {
  return typeof text === "string" ? Doubts.parse(JSON.parse(text)) : undefined;
}

/** A bucket that drops what is old would make of each late frame a write that never succeeds. */
async function refuseForgetful(influx: InfluxClient, bucket: string): Promise<void> {
  if (influx.version.major > 1) {
    await influx.query(`SELECT "${sequenceField}" FROM "frame_any" LIMIT 1`);
    const seconds = (await influx.expiry()) ?? 0;
    if (seconds === 0) return;
    throw new SeriesError(
      `the bucket "${bucket}" of InfluxDB drops what is older than ${Math.round(seconds / 86_400)} days: let it ` +
        "keep everything; Sunledger forgets by its own settings",
      { kind: "refused" },
    );
  }
  const [policies] = await influx.query(`SHOW RETENTION POLICIES ON "${bucket}"`);
  const [duration, chosen] = ["duration", "default"].map((name) => policies?.columns.indexOf(name));
  const policy = policies?.values.find((row) => row[chosen ?? -1] === true);
  const keeps = policy?.[duration ?? -1];
  if (keeps !== undefined && keeps !== "0s" && keeps !== "0") {
    throw new SeriesError(
      `the database "${bucket}" of InfluxDB drops what is older than ${keeps}: give its default retention ` +
        "policy the duration INF; Sunledger forgets by its own settings",
      { kind: "refused" },
    );
  }
}
