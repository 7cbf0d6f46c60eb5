import type { LineAddress } from "@sunledger/model/line-address";
import type { Clock } from "@sunledger/runtime";
import type { ByteStream, StreamEnds } from "./byte-stream.ts";
import type { Connection, PduRequest } from "./connection.ts";
import { charMs, silenceMs } from "./line-time.ts";
import { ModbusError } from "./modbus-error.ts";
import type { OwedAnswers } from "./owed-answers.ts";
import {
  answerShape,
  encodeRtuFrame,
  exchangeLength,
  type RtuFrame,
  rtuFramer,
} from "./rtu-framing.ts";
import { sleep } from "./sleep.ts";

export type RtuConnectionParts = {
  readonly line: LineAddress;
  readonly clock: Clock;
  /** What the units of the line owe, whichever connection it was asked on: converters pass it on. */
  readonly owed: OwedAnswers;
  /** Opens what carries the frames; rejects with a `ModbusError`. */
  readonly open: (ends: StreamEnds) => Promise<ByteStream>;
  /** An answer that came after its time-out, and how long it took. */
  readonly onLate?: (unit: number, tookMs: number) => void;
  /** An answer that nobody asked for. */
  readonly onForeign?: (frame: RtuFrame) => void;
  /** The bytes as they go and come. */
  readonly onBytes?: (direction: "sent" | "got", bytes: Buffer) => void;
};

/** The request that is out. */
type Waiting = {
  readonly request: PduRequest;
  readonly sentAt: number;
  readonly timer: NodeJS.Timeout;
};

/** So many time-outs without a byte in between, and the line is opened anew. */
const silentTimeouts = 2;
/**
 * So many requests in vain without an answer in between, whatever else came: a converter that is stuck in
 * garbage or in others' answers is opened anew. A spoilt answer is not in vain, and a serial port no other when
 * it is opened again.
 */
const vainRequests = 3;
/** USB adapters and networks hand bytes on in lumps: a line is not quiet before so long. */
const lumpMs = 20;
/** An answer with a wrong checksum may still be noise before the right one. */
const secondChanceMs = 60;

/**
 * A serial line, straight or behind a converter: one request at a time, a silence between frames.
 *
 * Nothing numbers the answers. What is there before a request is dropped, and after a failure the
 * line has to be quiet first. A unit that owes an answer is asked for something of another length
 * before it is asked anything else: devices answer in order, so what comes after that answer is not
 * the owed one. Answers of other units, functions and lengths are never taken.
 */
export async function openRtuConnection(parts: RtuConnectionParts): Promise<Connection> {
  const { line, owed } = parts;
  const framer = rtuFramer();
  const betweenMs = silenceMs(line);
  let waiting: Waiting | undefined;
  let used = false;
  let broken = false;
  let silent = 0;
  let vain = 0;
  /** Grows with all that comes. */
  let heard = 0;
  /** The silence since the last frame, begun when that ended. */
  let rest: Promise<unknown> = sleep(betweenMs);
  let wasDisturbed = true;

  const got = (bytes: Buffer) => {
    parts.onBytes?.("got", bytes);
    heard += 1;
    silent = 0;
    framer.push(bytes, take);
    if (framer.isSpoilt() && waiting) giveUpSpoilt(waiting);
  };

  const close = (error: ModbusError) => {
    broken = true;
    stream.close();
    fail(error);
  };

  const stream = await parts.open({
    got,
    ended: (reason) =>
      close(reason ?? new ModbusError("connection", "the peer closed the connection")),
  });

  /** Nothing is waited for any more; what was is returned. */
  const finish = (): Waiting | undefined => {
    const done = waiting;
    waiting = undefined;
    clearTimeout(done?.timer);
    return done;
  };

  const take = (frame: RtuFrame) => {
    if (waiting && answers(frame, waiting.request)) {
      const { request } = finish() as Waiting;
      used = true;
      vain = 0;
      rest = sleep(betweenMs);
      return request.ends.answered(request, frame.pdu);
    }
    const sentAt = owed.paid(frame);
    if (sentAt !== undefined) parts.onLate?.(frame.unit, parts.clock.now() - sentAt);
    else parts.onForeign?.(frame);
  };

  /** The request is given up; its answer may still come. */
  const fail = (error: ModbusError) => {
    const given = finish();
    if (!given) return;
    wasDisturbed = true;
    owed.add(given.request.unit, answerShape(given.request.pdu), given.sentAt);
    given.request.ends.failed(given.request, error);
  };

  const giveUpSpoilt = (entry: Waiting) => {
    const before = heard;
    setTimeout(() => {
      if (waiting === entry && heard === before) fail(spoiltAnswer(entry));
    }, secondChanceMs);
  };

  const expire = (entry: Waiting, timeoutMs: number) => {
    if (waiting !== entry) return;
    if (framer.isSpoilt()) return fail(spoiltAnswer(entry));
    silent += 1;
    const text = `no answer within ${timeoutMs} ms to ${entry.request.what()}`;
    fail(new ModbusError("timeout", text));
    if (silent >= silentTimeouts) close(new ModbusError("connection", "the line is silent"));
    else oneInVain();
  };

  const oneInVain = () => {
    vain += 1;
    if (line.transport === "serial" || vain < vainRequests) return;
    close(new ModbusError("connection", "the line says what it was not asked"));
  };

  /** Waits until nothing has come for a while; what comes meanwhile is looked at and dropped. */
  const untilQuiet = async (timeoutMs: number) => {
    const quietMs = betweenMs + lumpMs;
    for (let waited = 0; waited <= timeoutMs; waited += quietMs) {
      const before = heard;
      await sleep(quietMs);
      if (heard === before) return;
    }
    oneInVain();
    throw new ModbusError("protocol", `the line was not quiet for ${timeoutMs} ms`);
  };

  /** Rejects where the request could not be sent; the rest the request itself is told. */
  const send = async (request: PduRequest) => {
    if (wasDisturbed) await untilQuiet(request.timeoutMs);
    wasDisturbed = false;
    await rest;
    await stream.flush();
    if (broken || !stream.isOpen()) throw new ModbusError("connection", "the connection is closed");
    const bytes = encodeRtuFrame(request);
    // The device's time begins when it has heard all and ends when it begins to speak.
    const onLineMs = exchangeLength(request.pdu) * charMs(line);
    const due = () => expire(entry, request.timeoutMs);
    const timer = setTimeout(due, request.timeoutMs + onLineMs);
    const entry: Waiting = { request, sentAt: parts.clock.now(), timer };
    waiting = entry;
    framer.begin(bytes);
    parts.onBytes?.("sent", bytes);
    stream.write(bytes);
  };

  return {
    isOpen: () => !broken && stream.isOpen(),
    wasUsed: () => used,

    request(request) {
      const begin = async () => {
        if (request.unit === 0) throw new ModbusError("protocol", "nobody answers a broadcast");
        if (waiting) throw new Error("a serial line takes one request at a time");
        await inStep(request, owed, send);
        await send(request);
      };
      begin().catch((error) => request.ends.failed(request, error));
    },

    close: (reason) => close(new ModbusError("connection", reason)),
  };
}

/**
 * Makes sure that the unit owes nothing: it is asked for a few registers whose answer has another
 * length than all that may still come and than the one wanted next. A refusal will do as well.
 */
async function inStep(
  { unit, pdu, timeoutMs, what }: PduRequest,
  owed: OwedAnswers,
  send: (request: PduRequest) => Promise<void>,
): Promise<void> {
  const other = owed.unlike(unit, pdu);
  if (!other) return;
  const ask = () => `a few registers before ${what()}, since an answer is owed`;
  await new Promise<void>((resolve, reject) => {
    const ends = {
      answered: () => resolve(),
      failed: (_: PduRequest, error: Error) => reject(error),
    };
    send({ unit, pdu: other, timeoutMs, what: ask, ends }).catch(reject);
  });
  owed.forget(unit);
}

function spoiltAnswer({ request }: Waiting): ModbusError {
  return new ModbusError("protocol", `the answer to ${request.what()} has a wrong checksum`);
}

function answers({ unit, pdu }: RtuFrame, request: Pick<PduRequest, "unit" | "pdu">) {
  if (unit !== request.unit) return false;
  const { code, bytes } = answerShape(request.pdu);
  return pdu[0] === (code | 0x80) || (pdu[0] === code && pdu[1] === bytes);
}
