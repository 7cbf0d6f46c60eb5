import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { ModbusTCPRequest } from "jsmodbus";
import { type Fate, fateOf, type Piece, piecesOf, type WireEffect } from "../faults/wire-effect.ts";
import { functionOf, type Leaving } from "./asked.ts";
import { outlet } from "./outlet.ts";
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
  /** What faults make of requests and answers now. */
  wire?(): readonly WireEffect[];
  /** Whether the device serves another connection in place of this one. */
  isTurnedAway?(): boolean;
  /** Told how an answer leaves, just before it does. */
  leaves?(answer: Buffer, how: Leaving): void;
  /** Told of a request that is answered by an exception here, and of that answer. */
  refuses?(request: Buffer, exception: number, answer: Buffer): void;
  /** Told of a request that is never answered, also of one that the device does not hear. */
  ignores?(request: Buffer): void;
};

const sound: readonly WireEffect[] = [];

/**
 * The connection as jsmodbus' server sees it: whole requests only, one at a time. What that server
 * would wait on for ever, an unknown function or a request that it cannot read, is answered here by
 * an exception; bytes that are no requests, or one that does not come to its end, close the
 * connection. Faults of the wire act here, between the server and the socket.
 */
export function guarded(socket: Socket, parts: GuardParts): Duplex {
  const { patienceMs = 5_000, silent, wire = () => sound, isTurnedAway } = parts;
  const splitter = requestSplitter();
  const out = outlet(socket);
  /** Which request of the connection it is, by its transaction's number. */
  const places = new Map<number, number>();
  let asked = 0;
  let isDeaf = false;
  let timer: NodeJS.Timeout | undefined;
  const line = new Duplex({
    read() {},
    write(answer: Buffer, _encoding, done) {
      const effects = wire();
      if (effects.length === 0 && out.isIdle()) {
        parts.leaves?.(answer, socket.destroyed ? "never" : "whole");
        socket.write(answer, () => done());
        return;
      }
      const pieces = piecesOf(effects, answer, places.get(answer.readUInt16BE(0)) ?? asked);
      const how = isWhole(pieces, answer) ? "whole" : "broken";
      const leaves = (itDoes: boolean) => parts.leaves?.(answer, itDoes ? how : "never");
      const gatherMs = Math.max(0, ...effects.map((effect) => effect.gatherMs ?? 0));
      if (gatherMs > 0) out.gather(bytesOf(pieces), gatherMs, leaves);
      else out.send(pieces, leaves);
      done();
    },
  });
  const hangUp = () => void socket.destroy();

  const take = (request: Buffer) => {
    if (isDeaf || socket.destroyed) return parts.ignores?.(request);
    asked += 1;
    places.set(request.readUInt16BE(0), asked);
    const fate = fateOf(wire(), asked);
    if (typeof fate === "string") return ignore(request, fate);
    const exception = fate ?? refusalOf(request);
    if (exception === undefined) return void line.push(request);
    const answer = refusal(request, exception);
    parts.refuses?.(request, exception, answer);
    line.write(answer);
  };

  const ignore = (request: Buffer, fate: Extract<Fate, string>) => {
    parts.ignores?.(request);
    if (fate === "hang-up") hangUp();
    if (fate === "deaf") isDeaf = true;
  };

  // A client that goes away in the middle of an answer is no event for the device.
  socket.on("error", hangUp);
  socket.on("close", () => {
    clearTimeout(timer);
    out.close();
    line.destroy();
  });
  const isUnheard = () => isDeaf || silent?.() || isTurnedAway?.();
  const rest = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const missed = (requests: readonly Buffer[]) => {
    for (const request of requests) parts.ignores?.(request);
    rest();
    if (isTurnedAway?.()) hangUp();
  };
  const heard = (requests: readonly Buffer[]) => {
    for (const request of requests) take(request);
    if (requests.length > 0 || !splitter.midRequest) rest();
    if (splitter.midRequest) timer ??= setTimeout(hangUp, patienceMs);
  };
  let isOutOfStep = false;
  socket.on("data", (bytes) => {
    const requests = isOutOfStep ? undefined : splitter.push(bytes);
    isOutOfStep = !requests;
    if (isUnheard()) missed(requests ?? []);
    else if (requests) heard(requests);
    else hangUp();
  });
  return line;
}

function bytesOf(pieces: readonly Piece[]): Buffer {
  return Buffer.concat(pieces.map(({ bytes }) => bytes));
}

function isWhole(pieces: readonly Piece[], answer: Buffer): boolean {
  return bytesOf(pieces).equals(answer);
}

function refusalOf(request: Buffer): number | undefined {
  const code = functionOf(request);
  if (!handled.has(code)) return illegalFunction;
  if (reads.has(code) && request.length !== headerLength + readLength) return illegalValue;
  return ModbusTCPRequest.fromBuffer(request) ? undefined : illegalValue;
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
