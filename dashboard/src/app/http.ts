import { Problem } from "@sunledger/model";
import type * as z from "zod";

/** The server refused or failed; `code` decides what to do, `reference` is what a person quotes. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly code: string;
  readonly reference: string | undefined;

  constructor(status: number, code: string, detail: string, reference?: string) {
    super(detail);
    this.status = status;
    this.code = code;
    this.reference = reference;
  }
}

export type Http = {
  /** Reads, and parses the answer at the border. */
  get<S extends z.ZodType>(path: string, shape: S, signal?: AbortSignal): Promise<z.infer<S>>;
  send<S extends z.ZodType>(
    method: "POST" | "PATCH",
    path: string,
    body: unknown,
    shape: S,
  ): Promise<z.infer<S>>;
  remove(path: string): Promise<void>;
};

/** The HTTP API under `/api/v1`, with the cookie of the session. */
export function openHttp(fetch: typeof globalThis.fetch): Http {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    let answer: Response;
    try {
      answer = await fetch(`/api/v1${path}`, { credentials: "same-origin", ...init });
    } catch (error) {
      if (init.signal?.aborted) throw error;
      throw new ApiProblem(0, "network.unreachable", String(error));
    }
    if (!answer.ok) throw await problemOf(answer);
    return answer;
  };

  const read = async <S extends z.ZodType>(answer: Response, shape: S): Promise<z.infer<S>> => {
    const parsed = shape.safeParse(await answer.json());
    if (!parsed.success) throw new ApiProblem(answer.status, "answer.shape", parsed.error.message);
    return parsed.data;
  };

  return {
    async get(path, shape, signal) {
      return read(await ask(path, signal ? { signal } : {}), shape);
    },
    async send(method, path, body, shape) {
      const headers = { "content-type": "application/json" };
      return read(await ask(path, { method, headers, body: JSON.stringify(body) }), shape);
    },
    async remove(path) {
      await ask(path, { method: "DELETE" });
    },
  };
}

async function problemOf(answer: Response): Promise<ApiProblem> {
  const parsed = Problem.safeParse(await answer.json().catch(() => undefined));
  if (!parsed.success) return new ApiProblem(answer.status, "server.failed", answer.statusText);
  const { code, detail, instance } = parsed.data;
  return new ApiProblem(answer.status, code, detail, instance);
}
