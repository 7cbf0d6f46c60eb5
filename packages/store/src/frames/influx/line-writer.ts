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
      const sendOnce = async (part: readonly string[]) => {
        // One writer a batch that never sends by itself: the client's own batching resolves with nothing
        // acknowledged, and so does its close().
        const api = writer.getWriteApi(org, bucket, "ms", {
          ...{ batchSize: part.length + 1, maxBatchBytes: 8 * mostLength },
          ...{ flushInterval: 0, maxRetries: 0, gzipThreshold: Number.POSITIVE_INFINITY },
        });
        api.writeRecords([...part]);
        await api.flush();
      };
      /** A proxy on the way may take less at once than the server: then it goes in halves. */
      const send = async (part: readonly string[]): Promise<void> => {
        const half = part.length >> 1;
        try {
          await sendOnce(part);
        } catch (error) {
          if (!(error instanceof HttpError && error.statusCode === tooLarge && half > 0))
            throw error;
          await send(part.slice(0, half));
          await send(part.slice(half));
        }
      };
      return async (lines) => {
        for (const part of partsOf(lines)) await send(part);
      };
    },

    close: () => agent.destroy(),
  };
}

/** The answers to a write that may be about what is in it. */
const [badLines, unfitLines, tooLarge] = [400, 422, 413] as const;

/** An error of the client in words: what was attempted, and who is to blame. */
export function lineError(attempted: string, cause: unknown, isWriting = false): SeriesError {
  if (cause instanceof SeriesError) return cause;
  const said = cause instanceof Error ? cause.message : String(cause);
  const status = cause instanceof HttpError ? cause.statusCode : undefined;
  const away =
    cause instanceof RequestTimedOutError ||
    (status !== undefined && isPassing(status)) ||
    (status === undefined && cause instanceof Error && "code" in cause);
  const ofLines = isWriting && (status === badLines || status === unfitLines);
  const kind = away ? "away" : ofLines ? "line" : "refused";
  return new SeriesError(`${attempted}: ${said}${hints[status ?? 0] ?? ""}`, { kind, cause });
}

const hints: Readonly<Record<number, string>> = {
  401: "; check who signs in by SUNLEDGER_TIMESERIES_URL",
  403: "; check who signs in by SUNLEDGER_TIMESERIES_URL and what that one may do",
  [tooLarge]: "; let what stands before it take more at once",
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
