import { Agent as PlainAgent } from "node:http";
import { Agent as TlsAgent } from "node:https";
import {
  HttpError,
  InfluxDB,
  RequestTimedOutError,
  setLogger,
  type Transport,
} from "@influxdata/influxdb-client";
import { isPassing, SeriesError } from "../series/series-error.ts";
import { type WritingOptions, writingTransport } from "./writing-transport.ts";

// What it logs it also throws.
setLogger({ error() {}, warn() {} });

const longestMs = 30_000;

/** So many characters go in one request: InfluxDB 3 takes ten million bytes, by default. */
const mostLength = 4_000_000;

export type LineServer = {
  readonly url: string;
  readonly token: string | undefined;
};

export type LineClient = {
  readonly transport: Transport;
  /** Writes to a bucket; each call resolves once the server has said that it has all lines (milliseconds). */
  writerTo(
    place: { readonly org: string; readonly bucket: string },
    options: WritingOptions,
  ): (lines: readonly string[]) => Promise<void>;
  close(): void;
};

/** The client of InfluxDB, with connections of its own. Connects when it is first used. */
export function lineClient({ url, token }: LineServer): LineClient {
  const AgentOfScheme = url.startsWith("https:") ? TlsAgent : PlainAgent;
  const agent = new AgentOfScheme({ keepAlive: true, maxSockets: 8 });
  const options = {
    ...{ url, timeout: longestMs, transportOptions: { agent } },
    ...(token !== undefined && { token }),
  };
  const { transport } = new InfluxDB(options);

  return {
    transport,

    writerTo({ org, bucket }, writing) {
      const writer = new InfluxDB({ ...options, transport: writingTransport(transport, writing) });
      return async (lines) => {
        for (const part of partsOf(lines)) {
          // One writer a batch that never sends by itself: the client's own batching resolves with nothing
          // acknowledged, and so does its close().
          const api = writer.getWriteApi(org, bucket, "ms", {
            ...{ batchSize: part.length + 1, maxBatchBytes: 8 * mostLength },
            ...{ flushInterval: 0, maxRetries: 0, gzipThreshold: Number.POSITIVE_INFINITY },
          });
          api.writeRecords([...part]);
          await api.flush();
        }
      };
    },

    close: () => agent.destroy(),
  };
}

/** An error of the client in words: what was attempted, and whether it may go well later. */
export function lineError(attempted: string, cause: unknown): SeriesError {
  if (cause instanceof SeriesError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const status = cause instanceof HttpError ? cause.statusCode : undefined;
  const away =
    cause instanceof RequestTimedOutError ||
    (status !== undefined && isPassing(status)) ||
    (status === undefined && cause instanceof Error && "code" in cause);
  return new SeriesError(`${attempted}: ${said}${hints[status ?? 0] ?? ""}`, { away, cause });
}

const hints: Readonly<Record<number, string>> = {
  401: "; check who signs in by SUNLEDGER_TIMESERIES_URL",
  403: "; check who signs in by SUNLEDGER_TIMESERIES_URL and what that one may do",
  404: "; check organisation and bucket in SUNLEDGER_TIMESERIES_URL",
};

function* partsOf(lines: readonly string[]): Generator<readonly string[]> {
  let [part, length]: [string[], number] = [[], 0];
  for (const line of lines) {
    if (part.length > 0 && length + line.length > mostLength) {
      yield part;
      [part, length] = [[], 0];
    }
    part.push(line);
    length += line.length + 1;
  }
  if (part.length > 0) yield part;
}
