import { createHash, timingSafeEqual } from "node:crypto";
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { type LineMapping, type Precision, precisions } from "@sunledger/model/inputs";
import { type Clock, ConfigError, type ListenerTls, type Scope } from "@sunledger/runtime";
import { type InputDesk, mostInputsAtOnce } from "./input-desk.ts";
import { type ReadLines, readLines } from "./read-lines.ts";

export type WriteEndpointParts = {
  readonly host: string;
  readonly port: number;
  readonly tls?: ListenerTls | undefined;
  readonly token: string;
  readonly mappings: readonly LineMapping[];
  readonly desk: Pick<InputDesk, "take">;
  readonly pace: Pick<Clock, "wait">;
};

/** As it came, and unfolded. */
const mostBytes = 10 * 1024 * 1024;
/** More would never find room. */
const mostLines = mostInputsAtOnce;
/** Bodies that are being read. */
const mostAtOnce = 4;
/** After so long a writer had better ask again than wait. */
const patienceMs = 10_000;
const retryAfterSeconds = 5;

type Answer = {
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfter?: number;
};

/**
 * Takes line protocol as InfluxDB 2 does, at `/api/v2/write`, so that Telegraf and others write here as they
 * write there: 204 once all is committed; 400 names the first line that cannot be used, the others are stored, and what a mapping
 * is for is in quarantine; 503 with `Retry-After` while there is no room or no store (D-8). What is written twice
 * changes nothing (D-5): a line without a timestamp cannot be used.
 */
export async function serveWrites(
  parts: WriteEndpointParts,
  scope: Pick<Scope, "onStop" | "log">,
): Promise<{ readonly port: number }> {
  const readers = { count: 0 };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    answerTo(parts, readers, request)
      .catch((err: unknown): Answer => {
        scope.log.warn({ err }, "a write could not be read");
        return { status: 400, code: "invalid", message: "the body could not be read" };
      })
      .then((said) => tell(response, said))
      .catch(() => response.destroy());
  };
  const server = parts.tls ? createHttps(parts.tls, answer) : createHttp(answer);
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        new ConfigError(`SUNLEDGER_WRITE_PORT: cannot listen on ${parts.host}:${parts.port}`, {
          cause,
        }),
      );
    server.once("error", refuse);
    server.listen(parts.port, parts.host, () => resolve());
  });
  scope.onStop("writes", () => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : parts.port;
  scope.log.info({ host: parts.host, port, tls: Boolean(parts.tls) }, "takes line protocol");
  return { port };
}

async function answerTo(
  parts: WriteEndpointParts,
  readers: { count: number },
  request: IncomingMessage,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://x");
  if (pathname !== "/api/v2/write")
    return { status: 404, code: "not found", message: "path not found" };
  if (request.method !== "POST")
    return { status: 405, code: "method not allowed", message: "use POST" };
  if (!isKnown(request.headers.authorization, parts.token)) {
    return { status: 401, code: "unauthorized", message: "unauthorized access" };
  }
  const precision = (searchParams.get("precision") ?? "ns") as Precision;
  if (!precisions.includes(precision)) {
    return { status: 400, code: "invalid", message: `invalid precision: ${precision}` };
  }
  if (readers.count >= mostAtOnce) return comeAgain("too many write at once: write again");
  readers.count += 1;
  const read = await readBody(parts, precision, request).finally(() => {
    readers.count -= 1;
  });
  if ("status" in read) return read;
  const { inputs, refused, lines } = read;
  const taken = [...inputs].map(([gateway, own]) => parts.desk.take(gateway, own));
  if (taken.includes(undefined) || !(await inTime(Promise.all(taken), parts.pace))) {
    return comeAgain("not committed yet: write again");
  }
  const [first] = refused;
  if (!first) return { status: 204 };
  const message = `partial write: ${first}; dropped=${refused.length} of ${lines}`;
  return { status: 400, code: "invalid", message };
}

function comeAgain(message: string): Answer {
  return { status: 503, code: "unavailable", message, retryAfter: retryAfterSeconds };
}

/** Its lines, or why they are not taken. */
async function readBody(
  { mappings }: WriteEndpointParts,
  precision: Precision,
  request: IncomingMessage,
): Promise<ReadLines | Answer> {
  const body = await bodyOf(request);
  if (typeof body === "object") return body;
  if (!hasMoreLines(body, mostLines)) return readLines(body, mappings, precision);
  const message = `more than ${mostLines} lines at once`;
  return { status: 413, code: "request too large", message };
}

/** By its line breaks alone: what does not end in one has one line more. */
function hasMoreLines(body: string, most: number): boolean {
  let lines = body.endsWith("\n") ? 0 : 1;
  for (let at = body.indexOf("\n"); at >= 0 && lines <= most; at = body.indexOf("\n", at + 1)) {
    lines += 1;
  }
  return lines > most;
}

/** Whether it is done soon enough. */
async function inTime(done: Promise<unknown>, pace: Pick<Clock, "wait">): Promise<boolean> {
  const late = new AbortController();
  const tooLong = pace.wait(patienceMs, late.signal).then(() => false);
  const isDone = await Promise.race([done.then(() => true), tooLong]);
  late.abort();
  return isDone;
}

/** The body as text, or why it is not taken. */
async function bodyOf(request: IncomingMessage): Promise<string | Answer> {
  const tooLarge = { status: 413, code: "request too large", message: "more than 10 MB at once" };
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    return { status: 415, code: "invalid", message: `content encoding ${encoding} is not known` };
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > mostBytes) return tooLarge;
    chunks.push(chunk as Buffer);
  }
  const whole = Buffer.concat(chunks);
  if (encoding === "identity") return whole.toString();
  try {
    return (await promisify(gunzip)(whole, { maxOutputLength: mostBytes })).toString();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ERR_BUFFER_TOO_LARGE"
      ? tooLarge
      : { status: 400, code: "invalid", message: "the body is not gzip" };
  }
}

/** InfluxDB's own word `Token`, or `Bearer`. */
function isKnown(authorization: string | undefined, token: string): boolean {
  const [, given = ""] = /^(?:Token|Bearer) +(\S+)$/i.exec(authorization ?? "") ?? [];
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function tell(response: ServerResponse, { status, code, message, retryAfter }: Answer): void {
  // What was not read of the request is nobody's.
  const headers = {
    ...(retryAfter !== undefined && { "retry-after": String(retryAfter) }),
    ...(status === 413 && { connection: "close" }),
  };
  if (code === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const json = { ...headers, "content-type": "application/json; charset=utf-8" };
  response.writeHead(status, json).end(JSON.stringify({ code, message }));
}
