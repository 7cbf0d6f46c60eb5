import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { ConnectionError } from "fastify";
import { type ErrorCode, problem } from "./errors.ts";

const codeOf: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: "request.headersTooLarge",
  ERR_HTTP_REQUEST_TIMEOUT: "request.tooSlow",
};

/** Answers bytes that are no HTTP request with a problem too, and closes the connection. */
export function answerBrokenRequest({ code }: ConnectionError, socket: Socket): void {
  if (code === "ECONNRESET" || socket.destroyed) return;
  const id = randomUUID();
  const answer = problem(codeOf[code] ?? "request.malformed", "This is not an HTTP request.", {
    id,
  });
  const body = JSON.stringify(answer);
  if (socket.writable) {
    const head = [
      `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
      "content-type: application/problem+json",
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${id}`,
      "connection: close",
    ];
    socket.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  }
  socket.destroy();
}
