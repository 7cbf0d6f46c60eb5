import type { Problem } from "@sunledger/model";
import { whyAway } from "@sunledger/store";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { knownAddresses } from "./known-addresses.ts";

/** Every code a client may meet, its HTTP status and its title. */
const codes = {
  "request.invalid": [400, "The request does not fit its description"],
  "request.malformed": [400, "The request cannot be read"],
  "request.unknownRoute": [404, "There is nothing at this address"],
  "request.wrongMethod": [405, "This address does not take that method"],
  "request.tooSlow": [408, "The request took too long to arrive"],
  "request.tooLarge": [413, "The request is too large"],
  "request.addressTooLong": [414, "The address is too long"],
  "request.unsupportedType": [415, "The content type is not JSON"],
  "request.tooMany": [429, "Too many requests"],
  "request.headersTooLarge": [431, "The headers are too large"],
  "request.crossOrigin": [403, "The request comes from another site"],
  "identity.notSignedIn": [401, "Not signed in"],
  "identity.wrongCredentials": [401, "E-mail or password is wrong"],
  "identity.tooManyAttempts": [429, "Too many attempts to sign in"],
  "identity.notAllowed": [403, "Your role does not allow this"],
  "plants.unknown": [404, "There is no such plant"],
  "devices.unknown": [404, "There is no such device"],
  "devices.unknownPoint": [400, "The device has no such point"],
  "devices.notRead": [409, "Nobody has read such a device"],
  "devices.tagTaken": [409, "The plant has a device of that name"],
  "gateways.unknown": [404, "There is no such gateway"],
  "gateways.offline": [409, "The gateway cannot be reached"],
  "gateways.deaf": [409, "The gateway takes no commands"],
  "gateways.unknownVersion": [404, "There is no such version"],
  "gateways.versionTaken": [409, "Somebody else made that version"],
  "gateways.badConfiguration": [400, "The configuration cannot be used"],
  "commands.unknown": [404, "There is no such command"],
  "commands.noSetPoint": [404, "There is no such set-point"],
  "commands.notPermitted": [409, "The gateway's own file does not permit it"],
  "commands.outOfBounds": [400, "The value may not be written"],
  "commands.notPrepared": [409, "Nothing was prepared that this could confirm"],
  "rollouts.unknown": [404, "There is no such roll-out"],
  "rollouts.changed": [409, "Somebody else changed the roll-out"],
  "imports.unreadable": [400, "The list of devices cannot be read"],
  "profiles.unknown": [404, "There is no such profile"],
  "broker.unavailable": [503, "The broker is away"],
  "store.unavailable": [503, "The database is away"],
  "server.notReady": [503, "The server is not ready"],
  "server.failed": [500, "The server failed"],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorCode = keyof typeof codes;

type ApiErrorOptions = {
  readonly retryAfterSeconds?: number;
  /** What is wrong with each field of the request. */
  readonly errors?: NonNullable<Problem["errors"]>;
  readonly cause?: unknown;
};

/** A refusal that reaches the client as a problem with this code. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly errors: Problem["errors"];

  constructor(code: ErrorCode, detail?: string, options: ApiErrorOptions = {}) {
    super(detail ?? codes[code][1], { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.errors = options.errors;
  }
}

/** Makes every failure of the app an RFC 9457 problem that names itself by the request's id. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error, request);
    if (problem.status >= 500) {
      const { method, routeOptions } = request;
      const fields = { err: error, method, route: routeOptions.url };
      request.log.error(fields, "request failed");
    }
    const seconds = error instanceof ApiError ? error.retryAfterSeconds : undefined;
    if (seconds !== undefined) reply.header("retry-after", seconds);
    return send(reply, problem);
  });

  const { methodsAt } = knownAddresses(app);
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const asked = `${request.method} ${path}`;
    const allowed = methodsAt(path);
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return send(reply, problem("request.unknownRoute", asked, request));
    }
    const allow = allowed.join(", ");
    const detail = `${asked}: this address takes ${allow}.`;
    return send(reply.header("allow", allow), problem("request.wrongMethod", detail, request));
  });
}

/** Answers what never reached a route: an address with a broken escape, or too long a part. */
export function answerUnroutable(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  // No hook has seen this request.
  reply.headers({ "x-request-id": request.id, "x-content-type-options": "nosniff" });
  send(reply, problemOf(error, request));
}

function send(reply: FastifyReply, problem: Problem) {
  return reply
    .code(problem.status)
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send(problem);
}

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof ApiError) {
    const { code, message, errors } = error;
    return { ...problem(code, message, request), ...(errors && { errors }) };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const where = error.validationContext ?? "request";
    const errors = error.validation.map(({ instancePath, message }) => ({
      path: `${where}${instancePath === "/" ? "" : instancePath}`,
      message: message ?? "not valid",
    }));
    const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
    return { ...problem("request.invalid", detail, request), errors };
  }
  const cause = whyAway(error);
  if (cause) return problem("store.unavailable", cause, request);
  const code = codeOfStatus[error.statusCode ?? 500];
  if (code) return problem(code, error.message, request);
  return problem("server.failed", "Quote the instance when you report this.", request);
}

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  400: "request.malformed",
  404: "request.unknownRoute",
  413: "request.tooLarge",
  414: "request.addressTooLong",
  415: "request.unsupportedType",
  429: "request.tooMany",
};

/** The problem of this code in the request of this id. */
export function problem(
  code: ErrorCode,
  detail: string,
  request: Pick<FastifyRequest, "id">,
): Problem {
  const [status, title] = codes[code];
  const type = `urn:sunledger:problem:${code}`;
  return { type, title, status, code, detail, instance: `urn:uuid:${request.id}` };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? "";
}
