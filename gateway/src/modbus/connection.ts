import { connect, type Socket } from "node:net";
import type { Clock } from "@sunledger/runtime";
import { encodeFrame, frameSplitter, type TcpFrame } from "./framing.ts";
import { ModbusError } from "./modbus-error.ts";

/** One TCP connection and the requests that wait for an answer on it. */
export type Connection = {
  readonly open: boolean;
  /** Whether anything was ever answered on it. */
  readonly used: boolean;
  /** The PDU that answers; rejects with a `ModbusError`. */
  request(request: PduRequest): Promise<Buffer>;
  close(reason: string): void;
};

export type PduRequest = {
  readonly unit: number;
  readonly pdu: Buffer;
  readonly timeoutMs: number;
  /** What is asked for, in words. */
  readonly what: string;
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

type Waiting = PduRequest & {
  readonly sentAt: number;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (pdu: Buffer) => void;
  readonly reject: (error: ModbusError) => void;
};

/** This many time-outs without a byte in between, and the peer is taken for gone (half-open). */
const silentTimeouts = 2;
const mostLate = 1_000;

/** Opens a connection; rejects with a `ModbusError` that says why it could not. */
export async function openConnection(parts: ConnectionParts): Promise<Connection> {
  const socket = await connected(parts);
  const splitter = frameSplitter();
  const waiting = new Map<number, Waiting>();
  const late = new Map<number, { readonly unit: number; readonly sentAt: number }>();
  let last = 0;
  let silent = 0;
  let used = false;

  const close = (error: ModbusError) => {
    socket.destroy();
    for (const { timer, reject } of waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    waiting.clear();
  };

  const take = (frame: TcpFrame) => {
    const entry = waiting.get(frame.transaction);
    const expired = late.get(frame.transaction);
    if (entry && entry.unit === frame.unit) {
      waiting.delete(frame.transaction);
      clearTimeout(entry.timer);
      used = true;
      entry.resolve(frame.pdu);
    } else if (expired && expired.unit === frame.unit) {
      late.delete(frame.transaction);
      parts.onLate?.(frame.unit, parts.clock.now() - expired.sentAt);
    } else parts.onForeign?.(frame);
  };

  const expire = (transaction: number) => {
    const entry = waiting.get(transaction);
    if (!entry) return;
    waiting.delete(transaction);
    late.set(transaction, entry);
    const [oldest] = late.keys();
    if (late.size > mostLate && oldest !== undefined) late.delete(oldest);
    silent += 1;
    const text = `no answer within ${entry.timeoutMs} ms to ${entry.what}`;
    entry.reject(new ModbusError("timeout", text));
    // Half an answer leaves the stream out of step; silence says that nobody is there any more.
    if (splitter.midFrame) close(new ModbusError("connection", "the answer broke off"));
    else if (silent >= silentTimeouts) close(new ModbusError("connection", "the peer is silent"));
  };

  socket.on("data", (bytes) => {
    parts.onBytes?.("got", bytes);
    silent = 0;
    try {
      for (const frame of splitter.push(bytes)) take(frame);
    } catch (error) {
      close(error as ModbusError);
    }
  });
  socket.on("error", (cause) => close(new ModbusError("connection", plainText(cause), { cause })));
  socket.on("close", () => {
    const text = splitter.midFrame ? "the answer broke off" : "the peer closed the connection";
    close(new ModbusError("connection", text));
  });

  const isOpen = () => !socket.destroyed && socket.writable && !socket.readableEnded;

  const nextTransaction = () => {
    do last = (last % 0xffff) + 1;
    while (waiting.has(last) || late.has(last));
    return last;
  };

  return {
    get open() {
      return isOpen();
    },
    get used() {
      return used;
    },

    request(request) {
      return new Promise((resolve, reject) => {
        // Bytes that no answer is expected for would be taken for the head of the one to come.
        if (waiting.size === 0 && splitter.midFrame) {
          close(new ModbusError("connection", "the peer sent bytes that belong to no answer"));
        }
        if (!isOpen()) return reject(new ModbusError("connection", "the connection is closed"));
        const transaction = nextTransaction();
        const timer = setTimeout(expire, request.timeoutMs, transaction);
        const sentAt = parts.clock.now();
        waiting.set(transaction, { ...request, sentAt, timer, resolve, reject });
        const bytes = encodeFrame({ transaction, unit: request.unit, pdu: request.pdu });
        parts.onBytes?.("sent", bytes);
        socket.write(bytes);
      });
    },

    close: (reason) => close(new ModbusError("connection", reason)),
  };
}

function connected({ host, port, connectTimeoutMs }: ConnectionParts): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 15_000,
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
