import { Problem } from "@sunledger/model";
import type * as z from "zod";
import type { BrowserClock } from "./clock.ts";

/** The server refused or failed; `code` decides what to do, `reference` is what a person quotes. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly code: string;
  readonly reference: string | undefined;
  /** What is wrong with each field of what was sent. */
  readonly errors: NonNullable<Problem["errors"]>;

  constructor(
    status: number,
    code: string,
    detail: string,
    reference?: string,
    errors: NonNullable<Problem["errors"]> = [],
  ) {
    super(detail);
    this.status = status;
    this.code = code;
    this.reference = reference;
    this.errors = errors;
  }
}

export type Http = {
  /** Reads, and parses the answer at the border. */
  get<S extends z.ZodType>(path: string, shape: S, signal?: AbortSignal): Promise<z.infer<S>>;
  send<S extends z.ZodType>(
    method: "POST" | "PATCH" | "PUT",
    path: string,
    body: unknown,
    shape: S,
  ): Promise<z.infer<S>>;
  /** Sends a file as it is. */
  sendFile<S extends z.ZodType>(path: string, file: Blob, shape: S): Promise<z.infer<S>>;
  remove(path: string): Promise<void>;
};

/** How long a server may take to answer in full. */
export const readWithinMs = 10_000;
export const changeWithinMs = 15_000;

/**
 * The HTTP API under `/api/v1`, with the cookie of the session. What is not answered in time is
 * given up with the code `network.timeout`; a change may then have been made all the same.
 */
export function openHttp(fetch: typeof globalThis.fetch, clock: BrowserClock): Http {
  const ask = async <T>(
    path: string,
    init: RequestInit,
    withinMs: number,
    take: (answer: Response) => Promise<T>,
  ): Promise<T> => {
    const own = new AbortController();
    const forget = clock.after(withinMs, () => own.abort());
    const signal = init.signal ? AbortSignal.any([init.signal, own.signal]) : own.signal;
    try {
      const answer = await fetch(`/api/v1${path}`, { credentials: "same-origin", ...init, signal });
      if (!answer.ok) throw await problemOf(answer);
      return await take(answer);
    } catch (error) {
      if (init.signal?.aborted || error instanceof ApiProblem) throw error;
      throw new ApiProblem(0, codeOf(error, own.signal), String(error));
    } finally {
      forget();
    }
  };

  const reading =
    <S extends z.ZodType>(shape: S) =>
    async (answer: Response): Promise<z.infer<S>> => {
      const parsed = shape.safeParse(await answer.json());
      if (!parsed.success)
        throw new ApiProblem(answer.status, "answer.shape", parsed.error.message);
      return parsed.data;
    };

  return {
    get(path, shape, signal) {
      return ask(path, signal ? { signal } : {}, readWithinMs, reading(shape));
    },
    send(method, path, body, shape) {
      const headers = { "content-type": "application/json" };
      const init = { method, headers, body: JSON.stringify(body) };
      return ask(path, init, changeWithinMs, reading(shape));
    },
    sendFile(path, file, shape) {
      const headers = { "content-type": file.type };
      return ask(path, { method: "POST", headers, body: file }, changeWithinMs, reading(shape));
    },
    remove(path) {
      return ask(path, { method: "DELETE" }, changeWithinMs, async () => undefined);
    },
  };
}

function codeOf(error: unknown, waiting: AbortSignal): string {
  if (waiting.aborted) return "network.timeout";
  return error instanceof SyntaxError ? "answer.shape" : "network.unreachable";
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  const parsed = Problem.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) return new ApiProblem(answer.status, "server.failed", answer.statusText);
  const { code, detail, instance, errors } = parsed.data;
  return new ApiProblem(answer.status, code, detail, instance, errors);
}
