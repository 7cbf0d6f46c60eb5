import type { Transport } from "@influxdata/influxdb-client";

export type WritingOptions = {
  readonly version: { readonly major: number; readonly minor: number };
  /** Sent with each request. */
  readonly headers?: Record<string, string>;
  /** Hears the head of each answer. */
  readonly onAnswer?: (headers: Readonly<Record<string, unknown>>) => void;
};

/**
 * The client's transport for writing: anything but 204 is a failure, since a server may say of a part of the
 * lines that it has them; and what is older than 1.8 is told in its own words, as it has no `/api/v2/write`.
 */
export function writingTransport(
  own: Transport,
  { version, headers, onAnswer }: WritingOptions,
): Transport {
  const isOld = version.major === 1 && version.minor < 8;
  return {
    chunkCombiner: own.chunkCombiner,
    request: (...args) => own.request(...args),
    iterate: (...args) => own.iterate(...args),

    send(path, body, options, callbacks = {}) {
      let status: number | undefined;
      own.send(
        isOld ? oldPath(path) : path,
        body,
        { ...options, headers: { ...options.headers, ...headers } },
        {
          ...callbacks,
          responseStarted(answer, code) {
            status = code;
            onAnswer?.(answer);
            callbacks.responseStarted?.(answer, code);
          },
          complete() {
            if (status === 204) callbacks.complete?.();
            else callbacks.error?.(new Error(`it answered ${status} to a write, not 204`));
          },
        },
      );
    },
  };
}

/** `/api/v2/write?org=O&bucket=B&precision=ms` as InfluxDB 1 has always had it. */
function oldPath(path: string): string {
  const { pathname, searchParams } = new URL(path, "http://any");
  if (pathname !== "/api/v2/write") return path;
  const [bucket, precision] = [searchParams.get("bucket"), searchParams.get("precision")];
  return `/write?${new URLSearchParams({ db: bucket ?? "", precision: precision ?? "ms" })}`;
}
