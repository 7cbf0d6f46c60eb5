import type { Transport } from "@influxdata/influxdb-client";
import * as z from "zod";
import { SeriesError } from "../series/series-error.ts";
import type { InfluxAddress } from "./influx-address.ts";
import { lineClient, lineError } from "./line-writer.ts";

/** One series of an answer; times are Unix milliseconds. */
export type Series = {
  readonly columns: readonly string[];
  readonly values: readonly (readonly (number | string | boolean | null)[])[];
};

export type InfluxVersion = { readonly major: number; readonly minor: number };

/** An InfluxDB of any version, as far as all of them are alike. */
export type InfluxClient = {
  readonly version: InfluxVersion;
  /** Resolves once the server has said that it has all lines (milliseconds). */
  write(lines: readonly string[]): Promise<void>;
  /** One statement of InfluxQL, which 1.x, 2 and 3 all answer. */
  query(statement: string): Promise<readonly Series[]>;
  /** After how many seconds the bucket drops what it has: 0 is never, `undefined` that it does not say. */
  expiry(): Promise<number | undefined>;
  /** Deletes a measurement's points with those tags before an instant, where it can. */
  remove(
    measurement: string,
    tags: Readonly<Record<string, string>>,
    before: number,
  ): Promise<void>;
  close(): void;
};

/** Reaches the server and finds out which one it is. */
export async function openInflux(address: InfluxAddress): Promise<InfluxClient> {
  const { url, token, org, bucket } = address;
  const client = lineClient(address);
  const { transport } = client;
  const could = (what: string) => `InfluxDB at ${url} could not ${what} of the bucket "${bucket}"`;
  const attempt = async <T>(what: string, task: () => Promise<T>): Promise<T> => {
    try {
      return await task();
    } catch (cause) {
      throw lineError(could(what), cause, what === writing);
    }
  };

  try {
    const version = await versionOf(url, transport);
    const headers = version.major === 1 && token?.includes(":") ? basic(token) : {};
    const write = client.writerTo({ org, bucket }, { version, headers });

    const query = async (statement: string): Promise<readonly Series[]> => {
      const answer = await attempt("answer a query", async () =>
        Answer.parse(
          await transport.request(
            `/query?${new URLSearchParams({ db: bucket, epoch: "ms" })}`,
            `q=${encodeURIComponent(statement)}`,
            { method: "POST", headers: { ...formHeaders, ...headers } },
          ),
        ),
      );
      const [result] = answer.results;
      const error = answer.error ?? result?.error;
      const isCut = result?.partial || result?.series?.some(({ partial }) => partial);
      if (error === undefined && !isCut) return result?.series ?? [];
      const cause = new Error(error ?? "it cut its answer short (max-row-limit)");
      throw lineError(could("answer a query"), cause);
    };

    return {
      version,
      query,
      write: (lines) => attempt(writing, () => write(lines)),

      async expiry() {
        if (version.major !== 2) return undefined;
        const path = `/api/v2/buckets?${new URLSearchParams({ org, name: bucket })}`;
        // A token that may write may be one that must not ask.
        const answer: unknown = await transport
          .request(path, "", { method: "GET" })
          .catch(() => {});
        const [found] = Buckets.safeParse(answer).data?.buckets ?? [];
        return (
          found && Math.max(0, ...found.retentionRules.map(({ everySeconds }) => everySeconds))
        );
      },

      async remove(measurement, tags, before) {
        if (version.major === 1) {
          const own = Object.entries(tags).map(([name, value]) => `"${name}" = '${value}' AND `);
          await query(`DELETE FROM "${measurement}" WHERE ${own.join("")}time < ${before}ms`);
        }
        if (version.major !== 2) return;
        const all = Object.entries({ _measurement: measurement, ...tags });
        const predicate = all.map(([name, value]) => `${name}="${value}"`).join(" AND ");
        const [start, stop] = [0, before].map((at) => new Date(at).toISOString());
        const path = `/api/v2/delete?${new URLSearchParams({ org, bucket })}`;
        await attempt("delete old frames", () =>
          transport.request(path, JSON.stringify({ start, stop, predicate }), { method: "POST" }),
        );
      },

      close: client.close,
    };
  } catch (error) {
    client.close();
    throw error;
  }
}

const writing = "write frames";

const formHeaders = {
  "content-type": "application/x-www-form-urlencoded",
  accept: "application/json",
};

function basic(token: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(token).toString("base64")}` };
}

const Cell = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const Answer = z.object({
  error: z.string().optional(),
  results: z
    .array(
      z.object({
        error: z.string().optional(),
        partial: z.boolean().optional(),
        series: z
          .array(
            z.object({
              columns: z.array(z.string()),
              values: z.array(z.array(Cell)).default([]),
              partial: z.boolean().optional(),
            }),
          )
          .optional(),
      }),
    )
    .default([]),
});

const Buckets = z.object({
  buckets: z.array(
    z.object({ retentionRules: z.array(z.object({ everySeconds: z.number() })).default([]) }),
  ),
});

async function versionOf(url: string, transport: Transport): Promise<InfluxVersion> {
  let said = "";
  try {
    await transport.request("/ping", "", { method: "GET" }, (headers) => {
      said = String(headers["x-influxdb-version"] ?? "");
    });
  } catch (cause) {
    throw lineError(`InfluxDB at ${url} could not say its version`, cause);
  }
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(said) ?? [];
  if (major === undefined || minor === undefined) {
    throw new SeriesError(
      `what answers at ${url} does not say that it is an InfluxDB; check SUNLEDGER_TIMESERIES_URL`,
      { kind: "refused" },
    );
  }
  return { major: Number(major), minor: Number(minor) };
}
