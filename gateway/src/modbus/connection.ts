import type { Clock } from "@sunledger/runtime";
import { encodeFrame, frameSplitter, type TcpFrame } from "./framing.ts";
import { ModbusError } from "./modbus-error.ts";
import { openTcpStream } from "./tcp-stream.ts";
import { type TimeOut, timeOuts } from "./time-outs.ts";

/** One TCP connection and the requests that wait for an answer on it. */
export type Connection = {
  isOpen(): boolean;
  /** Whether anything was ever answered on it. */
  wasUsed(): boolean;
  /** Sends it; the request itself is told what becomes of it. */
  request(request: PduRequest): void;
  close(reason: string): void;
};

/** A request. */
export type PduRequest = {
  readonly unit: number;
  readonly pdu: Buffer;
  readonly timeoutMs: number;
  /** What is asked for, in words. */
  readonly what: () => string;
  readonly ends: RequestEnds;
};

/** Who is told what becomes of requests: one of the two, once for each. */
export interface RequestEnds {
  /** Takes what is wanted out of the answer, whose bytes are there for this call only. */
  answered(request: PduRequest, pdu: Buffer): void;
  failed(request: PduRequest, error: Error): void;
}

export type ConnectionParts = {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  /** An answer that came after its time-out, and how long it took. */
  readonly onLate?: (unit: number, tookMs: number) => void;
  /** An answer that nobody asked for. */
  readonly onForeign?: (frame: TcpFrame) => void;
  /** The bytes as they go and come. */
  readonly onBytes?: (direction: "sent" | "got", bytes: Buffer) => void;
};

type Waiting = {
  readonly transaction: number;
  readonly request: PduRequest;
  readonly sentAt: number;
  /** How many requests were sent on this connection before. */
  readonly number: number;
  readonly timeOut: TimeOut;
};

/**
 * This many time-outs without a byte in between, and the peer is taken for gone (half-open).
 * Requests that were in flight together count once.
 */
const silentTimeouts = 2;
/**
 * This many without an answer in between, whatever else came: the peer is a request behind, or answers as
 * another unit, and will not be right again on this connection.
 */
const vainTimeouts = 3;
const mostLate = 1_000;

/** Time-outs in a row. */
type Run = { readonly times: number; readonly by: number };
const none: Run = { times: 0, by: 0 };

/** Opens a connection; rejects with a `ModbusError` that says why it could not. */
export async function openConnection(parts: ConnectionParts): Promise<Connection> {
  const splitter = frameSplitter();
  /** A handful at most. A map would be made anew all the time, and each keeps the next one alive. */
  const waiting: Waiting[] = [];
  const late = new Map<number, { readonly unit: number; readonly sentAt: number }>();
  const outgoing: Buffer[] = [];
  let last = 0;
  let sent = 0;
  /** Time-outs since the last byte, and how many requests had been sent by the newest of them. */
  let silent = none;
  /** The same since the last answer. */
  let vain = none;
  let used = false;

  const got = (bytes: Buffer) => {
    parts.onBytes?.("got", bytes);
    silent = none;
    try {
      splitter.push(bytes, take);
    } catch (error) {
      close(error as ModbusError);
    }
  };
  const ended = (reason?: ModbusError) => {
    const text = splitter.isMidFrame() ? "the answer broke off" : "the peer closed the connection";
    close(reason ?? new ModbusError("connection", text));
  };
  const { host, port, connectTimeoutMs } = parts;
  const stream = await openTcpStream({ host, port, connectTimeoutMs, got, ended });

  const close = (error: ModbusError) => {
    stream.close();
    timing.close();
    for (const { request } of waiting.splice(0)) request.ends.failed(request, error);
  };

  const placeOf = (transaction: number) => {
    for (let place = 0; place < waiting.length; place += 1) {
      if (waiting[place]?.transaction === transaction) return place;
    }
    return -1;
  };

  /** Mostly the only one, for which no other place is needed. */
  const remove = (place: number) => {
    if (place === waiting.length - 1) waiting.pop();
    else waiting.splice(place, 1);
  };

  const take = (frame: TcpFrame) => {
    const place = placeOf(frame.transaction);
    const entry = waiting[place];
    if (entry && entry.request.unit === frame.unit) {
      remove(place);
      timing.end(entry.timeOut);
      used = true;
      vain = none;
      entry.request.ends.answered(entry.request, frame.pdu);
      return;
    }
    const expired = late.get(frame.transaction);
    if (expired && expired.unit === frame.unit) {
      late.delete(frame.transaction);
      parts.onLate?.(frame.unit, parts.clock.now() - expired.sentAt);
    } else parts.onForeign?.(frame);
  };

  const oneMore = (run: Run, number: number): Run =>
    number >= run.by ? { times: run.times + 1, by: sent } : run;

  const expire = (transaction: number) => {
    const place = placeOf(transaction);
    const entry = waiting[place];
    if (!entry) return;
    remove(place);
    const { request, sentAt, number } = entry;
    late.set(transaction, { unit: request.unit, sentAt });
    const [oldest] = late.keys();
    if (late.size > mostLate && oldest !== undefined) late.delete(oldest);
    silent = oneMore(silent, number);
    vain = oneMore(vain, number);
    const text = `no answer within ${request.timeoutMs} ms to ${request.what()}`;
    request.ends.failed(request, new ModbusError("timeout", text));
    // Half an answer leaves the stream out of step; silence says that nobody is there any more.
    if (splitter.isMidFrame()) close(new ModbusError("connection", "the answer broke off"));
    else if (silent.times >= silentTimeouts) {
      close(new ModbusError("connection", "the peer is silent"));
    } else if (vain.times >= vainTimeouts) {
      close(new ModbusError("connection", "the peer answers what it was not asked"));
    }
  };

  const timing = timeOuts(expire);

  const nextTransaction = () => {
    do last = (last % 0xffff) + 1;
    while (placeOf(last) >= 0 || late.has(last));
    return last;
  };

  /** Requests of one turn leave together: a window of them costs the network one segment. */
  const flush = () => {
    const [first] = outgoing;
    const bytes = outgoing.length === 1 && first ? first : Buffer.concat(outgoing);
    outgoing.length = 0;
    if (!stream.isOpen()) return;
    parts.onBytes?.("sent", bytes);
    stream.write(bytes);
  };

  const send = (bytes: Buffer) => {
    if (outgoing.push(bytes) === 1) process.nextTick(flush);
  };

  return {
    isOpen: stream.isOpen,
    wasUsed: () => used,

    request(request) {
      // Bytes that no answer is expected for would be taken for the head of the one to come.
      if (waiting.length === 0 && splitter.isMidFrame()) {
        close(new ModbusError("connection", "the peer sent bytes that belong to no answer"));
      }
      if (!stream.isOpen()) {
        const closed = new ModbusError("connection", "the connection is closed");
        return request.ends.failed(request, closed);
      }
      const { unit, pdu } = request;
      const transaction = nextTransaction();
      const timeOut = timing.begin(transaction, request.timeoutMs);
      waiting.push({ transaction, request, sentAt: parts.clock.now(), number: sent, timeOut });
      sent += 1;
      send(encodeFrame({ transaction, unit, pdu }));
    },

    close: (reason) => close(new ModbusError("connection", reason)),
  };
}
