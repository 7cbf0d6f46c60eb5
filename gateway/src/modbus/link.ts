import { type LineAddress, lineText } from "@sunledger/model/line-address";
import type { Clock } from "@sunledger/runtime";
import {
  type Asking,
  answerTo,
  type BusyRetry,
  type Ends,
  inTurn,
  unlessBusy,
  unlessSpoilt,
} from "./asking.ts";
import type { Connection } from "./connection.ts";
import { idleClose } from "./idle-close.ts";
import { type LineManners, together } from "./line-manners.ts";
import { type Asker, lineUnits } from "./line-units.ts";
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
   */
  write(span: WriteSpan, manners: RequestManners, signal?: AbortSignal): Promise<void>;
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
  const requests = turns(() => (isSerial || line.minRequestIntervalMs > 0 ? 1 : line.window));
  const writes = turns(() => 1);
  /** The pause that the device wants after its last answer. */
  let pause: Promise<unknown> | undefined;

  const mayWrite = (unit: number) => unit !== 0 || line.broadcastForbidden !== true;

  const askerOf = ({ unit, part }: RequestManners) => units.asker(unit, part);

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

  /** Sends it on a connection that is ready. */
  const answerOn = <T>(
    current: Connection,
    { pdu, what, take }: Asked<T>,
    { unit, responseTimeoutMs }: RequestManners,
    { figures, unit: { patience } }: Asker,
    { resolve, failed: fail }: Ends<T>,
  ) => {
    const sentAt = clock.now();
    const answered = (answer: Buffer) => {
      rest();
      patience.inTime();
      reconnect.worked();
      heardAt = clock.now();
      let taken: T;
      try {
        taken = take(answer);
      } catch (error) {
        return fail(error);
      }
      figures.answered(heardAt - sentAt);
      resolve(taken);
    };
    const failed = (error: Error) => {
      rest();
      fail(error);
    };
    const timeoutMs = patience.timeoutMs(responseTimeoutMs);
    const request = { unit, pdu, timeoutMs, what, answered, failed };
    idle.begun();
    current.request(request);
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

  /** Most requests find the connection ready: they wait for nothing but their answer. */
  const exchange = <T>(asked: Asked<T>, manners: RequestManners, asker: Asker, ends: Ends<T>) => {
    const current = pause === undefined ? ready() : undefined;
    if (current) return answerOn(current, asked, manners, asker, ends);
    whenReady()
      .then((current) => answerOn(current, asked, manners, asker, ends))
      .catch(ends.failed);
  };

  const attempt = <T>(
    asked: Asked<T>,
    manners: RequestManners,
    signal: AbortSignal | undefined,
    { resolve, failed: reject }: Ends<T>,
  ) => {
    if (signal?.aborted) return reject(new ModbusError("connection", "stopped"));
    const asker = askerOf(manners);
    const before = connection;
    const giveUp = (error: unknown) => {
      noteFailure(error, manners.unit, asker);
      reject(error);
    };
    const failed = (error: unknown) => {
      // Devices hang up on an idle connection: that it was closed shows only in the next request.
      const mayRepeat = asked.mayRepeat && isKind(error, "connection");
      if (!mayRepeat || !before?.wasUsed() || before.isOpen()) return giveUp(error);
      exchange(asked, manners, asker, { resolve, failed: giveUp });
    };
    exchange(asked, manners, asker, { resolve, failed });
  };

  const noteFailure = (error: unknown, unit: number, asker: Asker) => {
    if (error instanceof ModbusError) asker.figures.failed(countOf[error.kind], error.message);
    if (!isKind(error, "exception")) asker.unit.missed = asker.figures;
    log.debug({ line: name, unit, err: error }, "request failed");
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
      answerTo((ends) => {
        const asked = readRequest(span);
        const enter = manners.yields ? requests.enterLast : requests.enter;
        const one: Asking<number[]> = (ends) => attempt(asked, manners, signal, ends);
        const turned = inTurn(enter, one, requests.leave);
        const heard = isSerial ? unlessSpoilt(turned, askerOf(manners)) : turned;
        unlessBusy(heard, manners.busyRetry, { clock, signal })(ends);
      }),

    write(span, manners, signal) {
      if (!mayWrite(manners.unit)) return Promise.reject(noBroadcast(span));
      return answerTo((ends) => {
        const what = () => writeText(span);
        const take = (pdu: Buffer) => checkEcho(pdu, span);
        const asked = { pdu: writePdu(span), what, take, mayRepeat: false };
        const one: Asking<void> = (ends) => attempt(asked, manners, signal, ends);
        const first = inTurn(requests.enterFirst, one, requests.leave);
        const alone = inTurn(writes.enter, first, writes.leave);
        const exceptions = [notCarriedOut];
        unlessBusy(alone, { ...manners.busyRetry, exceptions }, { clock, signal })(ends);
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

/** A request, and what is wanted of its answer. */
type Asked<T> = {
  readonly pdu: Buffer;
  readonly what: () => string;
  /** Throws a `ModbusError` where the PDU is not the answer. */
  readonly take: (pdu: Buffer) => T;
  /** Asking twice is like asking once. */
  readonly mayRepeat: boolean;
};

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

function isKind(error: unknown, kind: ModbusError["kind"]): boolean {
  return error instanceof ModbusError && error.kind === kind;
}
