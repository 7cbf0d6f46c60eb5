import { type LineAddress, lineText } from "@sunledger/model/line-address";
import type { Clock } from "@sunledger/runtime";
import type { Connection, RequestEnds } from "./connection.ts";
import {
  type Asked,
  type BusyRetry,
  type Errand,
  isBusy,
  isKind,
  mayRepeat,
  mayRetry,
} from "./errand.ts";
import { idleClose } from "./idle-close.ts";
import { type LineManners, together } from "./line-manners.ts";
import { lineUnits } from "./line-units.ts";
import type { LinkFigures } from "./link-figures.ts";
import { loneTrials, type TrialTime } from "./lone-trials.ts";
import { ModbusError } from "./modbus-error.ts";
import { openLine } from "./open-line.ts";
import { owedAnswers } from "./owed-answers.ts";
import { type ReadSpan, readRequest } from "./read-request.ts";
import { slowReconnect } from "./slow-reconnect.ts";
import { turns } from "./turns.ts";
import { checkEcho, type WriteSpan, writePdu, writeText } from "./write-request.ts";

/** What a device's limits say about its requests. */
export type RequestManners = {
  readonly unit: number;
  /** Which of several devices behind the unit asks, from 1: each has figures of its own. */
  readonly part?: number;
  readonly responseTimeoutMs: number;
  /** Exceptions that mean: busy, ask again. */
  readonly busyRetry: BusyRetry;
  /** Reads wait until the line has nothing else to do, or has had for a while. */
  readonly yields?: boolean;
};

/**
 * One connection, shared by all units behind it, with one request in flight at a time unless all of
 * them stand more; on a serial line always one. It is made when first needed and made anew when it breaks. All that fails is a `ModbusError`.
 */
export interface Link {
  /** Grows with each connection made: a device behind it may have restarted in between. */
  generation(): number;
  /** Makes sure that there is a connection. */
  connect(signal: AbortSignal): Promise<void>;
  /** Binds the line to a user's limits until the answer is called; the strictest of all users hold. */
  bind(manners: LineManners): () => void;
  /** Whether anything may be written to a unit: unit 0 may be all of them at once. */
  mayWrite(unit: number): boolean;
  /** The registers, or bits as 0 and 1, in the order of their addresses. */
  read(span: ReadSpan, manners: RequestManners, signal?: AbortSignal): Promise<readonly number[]>;
  /**
   * Writes once, before all reads that wait; one write at a time. Resolves when the device has confirmed
   * this very write. After any other failure than an exception it may have been carried out or not:
   * it is never sent again here, but where the device said that it was busy. Rejects where it may not be.
   * `onSend` is called each time just before it is sent; where that throws it is not.
   */
  write(
    span: WriteSpan,
    manners: RequestManners,
    signal?: AbortSignal,
    onSend?: () => void,
  ): Promise<void>;
  /**
   * Runs the trial of a device that does not answer. Where devices share the line, trials follow one
   * another with a rest, so that the dead ones take little of its time; the trial is told how long
   * it may wait.
   */
  alone<T>(
    trial: (timeoutMs: number) => Promise<T>,
    time: TrialTime,
    signal: AbortSignal,
  ): Promise<T>;
  figures(unit: number, part?: number): LinkFigures;
  /** Shows the bytes as they go and come from now on, of all units, until the answer is called. */
  watch(trace: Trace): () => void;
  close(): void;
}

/** The bytes are there for this call only. */
export type Trace = (direction: "sent" | "got", bytes: Buffer) => void;

export type LinkParts = {
  readonly address: LineAddress;
  readonly clock: Clock;
  readonly log: LinkLog;
  readonly random?: () => number;
  readonly connectTimeoutMs?: number;
  /** Opens the line; over the network or the serial port by default. */
  readonly open?: typeof openLine;
  /** Watches from the beginning. */
  readonly trace?: Trace;
};

/** The part of a logger that a link needs. */
export type LinkLog = {
  warn(fields: object, text: string): void;
  info(fields: object, text: string): void;
  debug(fields: object, text: string): void;
};

export function openLink({
  random = Math.random,
  connectTimeoutMs = 5_000,
  open = openLine,
  ...parts
}: LinkParts): Link {
  const { address, clock, log } = parts;
  const name = lineText(address);
  /** Nothing numbers the answers there. */
  const isSerial = address.transport !== "tcp";
  const units = lineUnits();
  const reconnect = slowReconnect(random);
  let heardAt: number | undefined;
  const heard = () =>
    heardAt === undefined ? undefined : { at: heardAt, latencyMs: units.slowestMs() };
  const trials = loneTrials({ clock, heard });
  const owed = owedAnswers();
  const watching = new Set<Trace>(parts.trace ? [parts.trace] : []);
  const bound = new Set<LineManners>();
  let line = together(bound);
  let connection: Connection | undefined;
  let connecting: Promise<Connection> | undefined;
  let generation = 0;
  let closed = false;
  // A serial port is nobody else's, and stays.
  const idle = idleClose(
    () => (address.transport === "serial" ? undefined : line.idleDisconnectMs),
    () => connection?.close("nothing was asked for a while"),
  );
  /** Who waits for a turn alone is called when it has come. */
  const requests = turns<Errand | (() => void)>(
    () => (isSerial || line.minRequestIntervalMs > 0 ? 1 : line.window),
    (one) => (typeof one === "function" ? one() : attempt(one)),
  );
  const writes = turns<Errand>(() => 1, requests.enterFirst);
  /** The pause that the device wants after its last answer. */
  let pause: Promise<unknown> | undefined;

  const mayWrite = (unit: number) => unit !== 0 || line.broadcastForbidden !== true;

  /** The connection that is open; one that has just been made still has its delay to wait for. */
  const ready = () => (connection?.isOpen() && !connecting ? connection : undefined);

  const connected = async (): Promise<Connection> => {
    connecting ??= newConnection().finally(() => {
      connecting = undefined;
    });
    return connecting;
  };

  const newConnection = async (): Promise<Connection> => {
    if (closed) throw new ModbusError("connection", "the link is closed");
    const refusal = reconnect.resting();
    if (refusal) throw refusal;
    try {
      connection = await open({
        address,
        owed,
        clock,
        connectTimeoutMs,
        onLate: units.late,
        onForeign: (frame) => log.debug({ line: name, ...frame }, "dropped a foreign answer"),
        onBytes(direction, bytes) {
          for (const trace of watching) trace(direction, bytes);
        },
      });
    } catch (error) {
      reconnect.failed(error as ModbusError);
      throw error;
    }
    if (closed) {
      connection.close("the link is closed");
      throw new ModbusError("connection", "the link is closed");
    }
    generation += 1;
    await clock.pause(line.connectDelayMs);
    idle.ended();
    return connection;
  };

  const rest = () => {
    idle.ended();
    if (line.minRequestIntervalMs > 0) pause = clock.pause(line.minRequestIntervalMs);
  };

  const whenReady = async () => {
    const current = ready() ?? (await connected());
    if (pause !== undefined) await pause;
    return current;
  };

  const enter = (errand: Errand) => {
    if (errand.asked.isWrite) writes.enter(errand);
    else if (errand.yields) requests.enterLast(errand);
    else requests.enter(errand);
  };

  const leave = (errand: Errand) => {
    requests.leave();
    if (errand.asked.isWrite) writes.leave();
  };

  /** Its turn has come. */
  const attempt = (errand: Errand) => {
    if (errand.signal?.aborted) return end(errand, new ModbusError("connection", "stopped"));
    errand.before = connection;
    errand.isRepeated = false;
    exchange(errand);
  };

  /** Most requests find the connection ready: they wait for nothing but their answer. */
  const exchange = (errand: Errand) => {
    const current = pause === undefined ? ready() : undefined;
    if (current) return sendOn(current, errand);
    whenReady()
      .then((current) => sendOn(current, errand))
      .catch((error) => failed(errand, error));
  };

  const sendOn = (current: Connection, errand: Errand) => {
    if (errand.asked.isWrite) {
      try {
        errand.asked.onSend?.();
      } catch (error) {
        return end(errand, error);
      }
    }
    errand.sentAt = clock.now();
    errand.timeoutMs = errand.asker.unit.patience.timeoutMs(errand.responseTimeoutMs);
    idle.begun();
    current.request(errand);
  };

  const ends: RequestEnds = {
    answered(errand: Errand, answer) {
      rest();
      const { asked, asker } = errand;
      asker.unit.patience.inTime();
      reconnect.worked();
      heardAt = clock.now();
      let taken: unknown;
      try {
        taken = asked.take(answer);
      } catch (error) {
        return failed(errand, error);
      }
      asker.figures.answered(heardAt - errand.sentAt);
      leave(errand);
      if (!asked.isWrite) asker.unit.isSpoilt = false;
      errand.resolve(taken);
    },

    failed(errand: Errand, error) {
      rest();
      failed(errand, error);
    },
  };

  const failed = (errand: Errand, error: unknown) => {
    if (mayRepeat(errand, error)) {
      errand.isRepeated = true;
      return exchange(errand);
    }
    noteFailure(error, errand);
    end(errand, error);
  };

  const noteFailure = (error: unknown, { unit, asker }: Errand) => {
    if (error instanceof ModbusError) asker.figures.failed(countOf[error.kind], error.message);
    if (!isKind(error, "exception")) asker.unit.missed = asker.figures;
    log.debug({ line: name, unit, err: error }, "request failed");
  };

  /** Its turn is over without an answer that could be taken; it may have another one, behind who waits. */
  const end = (errand: Errand, error: unknown) => {
    leave(errand);
    if (isSerial && mayRetry(errand, error)) {
      errand.isRetried = true;
      errand.asker.unit.isSpoilt = true;
      errand.asker.figures.retried();
      return enter(errand);
    }
    if (!isBusy(errand, error)) return errand.reject(error);
    errand.busyTimes += 1;
    errand.isRetried = false;
    // Waited for outside of the queue: meanwhile the line belongs to the others.
    clock.pause(errand.busyRetry.waitMs, errand.signal).then(() => enter(errand), errand.reject);
  };

  const answerTo = <T>(
    asked: Asked<T>,
    { unit, part, responseTimeoutMs, busyRetry, yields = false }: RequestManners,
    signal: AbortSignal | undefined,
    { resolve, reject }: Pick<Errand<T>, "resolve" | "reject">,
  ) => {
    enter({
      unit,
      pdu: asked.pdu,
      what: asked.what,
      ends,
      asked,
      busyRetry,
      responseTimeoutMs,
      yields,
      asker: units.asker(unit, part),
      signal,
      resolve,
      reject,
      timeoutMs: responseTimeoutMs,
      sentAt: 0,
      before: undefined,
      isRepeated: false,
      isRetried: false,
      busyTimes: 0,
    });
  };

  return {
    generation: () => generation,

    bind(manners) {
      // Devices of a kind have the same: each counts for itself.
      const own = { ...manners };
      bound.add(own);
      line = together(bound);
      return () => {
        if (bound.delete(own)) line = together(bound);
      };
    },

    async connect(signal) {
      if (signal.aborted) throw new ModbusError("connection", "stopped");
      await new Promise<void>(requests.enter);
      try {
        if (!ready()) await connected();
      } finally {
        requests.leave();
      }
    },

    mayWrite,

    read: (span, manners, signal) =>
      new Promise<number[]>((resolve, reject) => {
        answerTo(readRequest(span), manners, signal, { resolve, reject });
      }),

    write(span, manners, signal, onSend) {
      if (!mayWrite(manners.unit)) return Promise.reject(noBroadcast(span));
      const busyRetry = { ...manners.busyRetry, exceptions: [notCarriedOut] };
      const asked = writeRequest(span, onSend);
      return new Promise<void>((resolve, reject) => {
        answerTo(asked, { ...manners, busyRetry }, signal, { resolve, reject });
      });
    },

    alone: (trial, time, signal) =>
      bound.size > 1 ? trials.run(trial, time, signal) : trial(time.fullMs),

    figures: (unit, part) => units.asker(unit, part).figures.figures(),

    watch(trace) {
      // The same one may watch twice.
      const own: Trace = (direction, bytes) => trace(direction, bytes);
      watching.add(own);
      return () => void watching.delete(own);
    },

    close() {
      closed = true;
      connection?.close("the link is closed");
      reconnect.worked();
    },
  };
}

/** Exception 6: the device was busy and did nothing. Exception 5 says that it is at work on it. */
const notCarriedOut = 6;

function writeRequest(span: WriteSpan, onSend: Asked<void>["onSend"]): Asked<void> {
  const pdu = writePdu(span);
  const what = () => writeText(span);
  return { isWrite: true, pdu, what, onSend, take: (answer) => checkEcho(answer, span) };
}

function noBroadcast(span: WriteSpan): ModbusError {
  const text = `${writeText(span)} of all units at once is not allowed on this line`;
  return new ModbusError("protocol", text);
}

const countOf = {
  timeout: "timeouts",
  exception: "exceptions",
  connection: "broken",
  protocol: "broken",
  echo: "broken",
} as const;
