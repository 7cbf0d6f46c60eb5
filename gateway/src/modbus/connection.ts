import { connect, type Socket } from "node:net";
import type { Clock } from "@sunledger/runtime";
import { encodeFrame, frameSplitter, type TcpFrame } from "./framing.ts";
import { ModbusError } from "./modbus-error.ts";
import { type TimeOut, timeOuts } from "./time-outs.ts";

/** One TCP connection and the requests that wait for an answer on it. */
export type Connection = {
  readonly open: boolean;
  /** Whether anything was ever answered on it. */
  readonly used: boolean;
  /** What the PDU that answers says; rejects with a `ModbusError`. */
  request<T>(request: PduRequest<T>): Promise<T>;
  close(reason: string): void;
};

export type PduRequest<T> = {
  readonly unit: number;
  readonly pdu: Buffer;
  readonly timeoutMs: number;
  /** What is asked for, in words. */
  readonly what: () => string;
  /** Takes what is wanted out of the answer, whose bytes are there for this call only; may throw. */
  readonly read: (pdu: Buffer) => T;
};

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
  readonly request: PduRequest<unknown>;
  readonly sentAt: number;
  /** How many requests were sent on this connection before. */
  readonly number: number;
  readonly timeOut: TimeOut;
  /** Takes the answer. */
  readonly answered: (pdu: Buffer) => void;
  readonly reject: (error: ModbusError) => void;
};

/**
 * This many time-outs without a byte in between, and the peer is taken for gone (half-open).
 * Requests that were in flight together count once.
 */
const silentTimeouts = 2;
const mostLate = 1_000;
/** Room for the answers to a window of requests; longer reads come in parts. */
const readRoom = 4_096;

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
  let silent = { times: 0, by: 0 };
  let used = false;

  const got = (bytes: Buffer) => {
    parts.onBytes?.("got", bytes);
    if (silent.times > 0) silent = { times: 0, by: 0 };
    try {
      splitter.push(bytes, take);
    } catch (error) {
      close(error as ModbusError);
    }
  };
  const socket = await connected(parts, got);

  const close = (error: ModbusError) => {
    socket.destroy();
    timing.close();
    for (const { reject } of waiting.splice(0)) reject(error);
  };

  const placeOf = (transaction: number) =>
    waiting.findIndex((entry) => entry.transaction === transaction);

  const take = (frame: TcpFrame) => {
    const place = placeOf(frame.transaction);
    const entry = waiting[place];
    if (entry && entry.request.unit === frame.unit) {
      waiting.splice(place, 1);
      timing.end(entry.timeOut);
      used = true;
      entry.answered(frame.pdu);
      return;
    }
    const expired = late.get(frame.transaction);
    if (expired && expired.unit === frame.unit) {
      late.delete(frame.transaction);
      parts.onLate?.(frame.unit, parts.clock.now() - expired.sentAt);
    } else parts.onForeign?.(frame);
  };

  const expire = (transaction: number) => {
    const place = placeOf(transaction);
    const entry = waiting[place];
    if (!entry) return;
    waiting.splice(place, 1);
    const { request, sentAt, number } = entry;
    late.set(transaction, { unit: request.unit, sentAt });
    const [oldest] = late.keys();
    if (late.size > mostLate && oldest !== undefined) late.delete(oldest);
    if (number >= silent.by) silent = { times: silent.times + 1, by: sent };
    const text = `no answer within ${request.timeoutMs} ms to ${request.what()}`;
    entry.reject(new ModbusError("timeout", text));
    // Half an answer leaves the stream out of step; silence says that nobody is there any more.
    if (splitter.midFrame) close(new ModbusError("connection", "the answer broke off"));
    else if (silent.times >= silentTimeouts) {
      close(new ModbusError("connection", "the peer is silent"));
    }
  };

  const timing = timeOuts(expire);
  socket.on("error", (cause) => close(new ModbusError("connection", plainText(cause), { cause })));
  socket.on("close", () => {
    const text = splitter.midFrame ? "the answer broke off" : "the peer closed the connection";
    close(new ModbusError("connection", text));
  });

  const isOpen = () => !socket.destroyed && socket.writable && !socket.readableEnded;

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
    if (socket.destroyed) return;
    parts.onBytes?.("sent", bytes);
    socket.write(bytes);
  };

  const send = (bytes: Buffer) => {
    if (outgoing.push(bytes) === 1) process.nextTick(flush);
  };

  return {
    get open() {
      return isOpen();
    },
    get used() {
      return used;
    },

    request<T>(request: PduRequest<T>) {
      return new Promise<T>((resolve, reject) => {
        // Bytes that no answer is expected for would be taken for the head of the one to come.
        if (waiting.length === 0 && splitter.midFrame) {
          close(new ModbusError("connection", "the peer sent bytes that belong to no answer"));
        }
        if (!isOpen()) return reject(new ModbusError("connection", "the connection is closed"));
        const transaction = nextTransaction();
        const answered = (pdu: Buffer) => {
          try {
            resolve(request.read(pdu));
          } catch (error) {
            reject(error);
          }
        };
        const timeOut = timing.begin(transaction, request.timeoutMs);
        const sentAt = parts.clock.now();
        waiting.push({ transaction, request, sentAt, number: sent, timeOut, answered, reject });
        sent += 1;
        send(encodeFrame({ transaction, unit: request.unit, pdu: request.pdu }));
      });
    },

    close: (reason) => close(new ModbusError("connection", reason)),
  };
}

function connected(
  { host, port, connectTimeoutMs }: ConnectionParts,
  got: (bytes: Buffer) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const buffer = Buffer.allocUnsafeSlow(readRoom);
    const callback = (length: number) => {
      got(buffer.subarray(0, length));
      return true;
    };
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
      // One buffer for all that comes: each answer is read out before the next bytes are.
      onread: { buffer, callback },
    });
    const fail = (text: string, cause?: unknown) => {
      clearTimeout(timer);
      socket.destroy();
      reject(new ModbusError("connection", text, { cause }));
    };
    const timer = setTimeout(fail, connectTimeoutMs, "the connection could not be made in time");
    const failed = (error: Error) => fail(plainText(error), error);
    socket.once("error", failed);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", failed);
      resolve(socket);
    });
  });
}

const codes: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the peer reset the connection",
  EPIPE: "the peer closed the connection",
  EHOSTUNREACH: "there is no route to the host",
  ENETUNREACH: "there is no route to the network",
  ENOTFOUND: "the host name is unknown",
  EAI_AGAIN: "the host name could not be looked up",
  ETIMEDOUT: "the connection timed out",
};

function plainText(error: Error & { readonly code?: string }): string {
  return codes[error.code ?? ""] ?? `the connection failed: ${error.message}`;
}
