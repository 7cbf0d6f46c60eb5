import * as z from "zod";
import { lineClient, lineError } from "../influx/line-writer.ts";
import { isPassing, SeriesError } from "../series/series-error.ts";
import type { VictoriaAddress } from "./victoria-address.ts";

/** The raw samples of one series, ordered by time. */
export type RawSeries = {
  readonly metric: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
};

/** From inclusive, to exclusive, Unix milliseconds. */
export type Window = { readonly from: number; readonly to: number };

export type VictoriaClient = {
  /** The clock of the server, as it said last, Unix milliseconds. */
  serverTime(): number;
  write(lines: readonly string[]): Promise<void>;
  /** Resolves once a reader finds all that any writer was told is written. */
  catchUp(): Promise<void>;
  /** The samples of the series of a selector. */
  samples(selector: string, window: Window): Promise<readonly RawSeries[]>;
  /** The greatest answer of an expression over the window, which it names `$window`. */
  greatest(expression: string, window: Window): Promise<number | undefined>;
  /** What the server measures of itself; empty where it does not say. */
  metrics(): Promise<string>;
  close(): void;
};

const longestMs = 30_000;
/** After so long a cluster shows what it was told, by its documentation: it cannot be asked to. */
const clusterLagMs = 2_000;

const Sample = z.object({
  metric: z.object({ __name__: z.string() }),
  timestamps: z.array(z.number()),
  values: z.array(z.number()),
});
const Vector = z.object({
  data: z.object({ result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })) }),
});

export function victoriaClient(address: VictoriaAddress): VictoriaClient {
  const { readUrl, writeUrl, signIn } = address;
  const isCluster = readUrl !== writeUrl;
  const headers = signIn === undefined ? {} : basic(signIn);
  let serverNow = 0;
  const hear = (date: unknown) => {
    serverNow = Math.max(serverNow, Date.parse(String(date)) || 0);
  };

  const ask = async (url: string, form?: Readonly<Record<string, string>>): Promise<string> => {
    const request = form
      ? { method: "POST", body: new URLSearchParams(form), headers }
      : { headers };
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(url, { ...request, signal: AbortSignal.timeout(longestMs) });
      text = await answer.text();
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new SeriesError(`VictoriaMetrics at ${url} did not answer: ${said}`, {
        ...{ kind: "away", cause },
      });
    }
    hear(answer.headers.get("date"));
    if (answer.ok) return text;
    const told = `${answer.status} ${text.slice(0, 300)}`;
    throw new SeriesError(`VictoriaMetrics at ${url} refused: ${told}`, {
      kind: isPassing(answer.status) ? "away" : "refused",
    });
  };

  const client = lineClient({ url: writeUrl, token: undefined });
  const write = client.writerTo(
    { org: "", bucket: "" },
    {
      ...{ version: current, headers },
      onAnswer: ({ date }) => hear(date),
    },
  );

  return {
    serverTime: () => serverNow,

    async write(lines) {
      try {
        await write(lines);
      } catch (cause) {
        throw lineError(`VictoriaMetrics at ${writeUrl} could not write frames`, cause, true);
      }
    },

    async catchUp() {
      if (isCluster) await new Promise((resolve) => setTimeout(resolve, clusterLagMs));
      else await ask(`${writeUrl}/internal/force_flush`);
    },

    async samples(selector, { from, to }) {
      const lines = await ask(`${readUrl}/api/v1/export`, {
        ...{ "match[]": selector, start: seconds(from), end: seconds(to - 1) },
      });
      return lines
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const { metric, timestamps, values } = Sample.parse(JSON.parse(line));
          return { metric: metric.__name__, times: timestamps, values };
        });
    },

    async greatest(expression, { from, to }) {
      const text = await ask(`${readUrl}/api/v1/query`, {
        // Its time may lie after the last value, but without this it would be moved back.
        ...{ nocache: "1", time: seconds(to - 1) },
        query: expression.replaceAll("$window", `${to - from}ms`),
      });
      const { result } = Vector.parse(JSON.parse(text)).data;
      return result.length > 0
        ? Math.max(...result.map(({ value }) => Number(value[1])))
        : undefined;
    },

    metrics: async () => (isCluster ? "" : ask(`${writeUrl}/metrics`)),

    close: client.close,
  };
}

/** It has the path for writing of InfluxDB 2. */
const current = { major: 2, minor: 0 };

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

function basic(signIn: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(signIn).toString("base64")}` };
}
