import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { ModbusTCPRequest } from "jsmodbus";
import { requestSplitter } from "./request-splitter.ts";

const headerLength = 7;
const illegalFunction = 1;
const illegalValue = 3;

/** The functions that jsmodbus' server asks its handlers for. */
const handled = new Set([1, 2, 3, 4, 5, 6, 15, 16]);
const reads = new Set([1, 2, 3, 4]);
/** Function, first register, number of registers. */
const readLength = 5;

export type GuardParts = {
  /** Real time that a request may take to arrive whole. */
  readonly patienceMs?: number;
  /** Whether the device hears nothing now. */
  silent?(): boolean;
};

/**
 * The connection as jsmodbus' server sees it: whole requests only, one at a time. What that server
 * would wait on for ever, an unknown function or a request that it cannot read, is answered here by
 * an exception; bytes that are no requests, or one that does not come to its end, close the
 * connection.
 */
export function guarded(socket: Socket, { patienceMs = 5_000, silent }: GuardParts): Duplex {
  const splitter = requestSplitter();
  let timer: NodeJS.Timeout | undefined;
  const line = new Duplex({
    read() {},
    write: (bytes: Buffer, _encoding, done) => void socket.write(bytes, () => done()),
  });
  const hangUp = () => void socket.destroy();
  // A client that goes away in the middle of an answer is no event for the device.
  socket.on("error", hangUp);
  socket.on("close", () => {
    clearTimeout(timer);
    line.destroy();
  });
  socket.on("data", (bytes) => {
    if (silent?.()) return;
    const requests = splitter.push(bytes);
    if (!requests) return hangUp();
    for (const request of requests) {
      const exception = refusalOf(request);
      if (exception === undefined) line.push(request);
      else line.write(refusal(request, exception));
    }
    if (requests.length > 0 || !splitter.midRequest) {
      clearTimeout(timer);
      timer = undefined;
    }
    if (splitter.midRequest) timer ??= setTimeout(hangUp, patienceMs);
  });
  return line;
}

function refusalOf(request: Buffer): number | undefined {
  const code = functionOf(request);
  if (!handled.has(code)) return illegalFunction;
  if (reads.has(code) && request.length !== headerLength + readLength) return illegalValue;
  return ModbusTCPRequest.fromBuffer(request) ? undefined : illegalValue;
}

function functionOf(request: Buffer): number {
  return request.readUInt8(headerLength);
}

function refusal(request: Buffer, exception: number): Buffer {
  const answer = Buffer.alloc(headerLength + 2);
  // Transaction, protocol and unit are the request's.
  request.copy(answer, 0, 0, headerLength);
  answer.writeUInt16BE(3, 4);
  answer.writeUInt8(functionOf(request) | 0x80, headerLength);
  answer.writeUInt8(exception, headerLength + 1);
  return answer;
}
