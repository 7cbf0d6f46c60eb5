import type { Clock } from "@sunledger/runtime";
import type { TcpFrame } from "../modbus/framing.ts";
import type { Link, RequestManners } from "../modbus/link.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import { answerTo } from "./answer-to.ts";
import { fairQueue } from "./fair-queue.ts";
import { exceptions, type ProxiedRequest, proxiedRequest } from "./proxied-request.ts";
import type { ProxiedWrite, Tell } from "./proxied-write.ts";
import type { ListenAddress } from "./proxy-config.ts";
import { openProxyServer, type ProxyClient, type ProxyServer } from "./proxy-server.ts";

export type ProxyParts = {
  readonly listen: ListenAddress;
  /** The device's line, shared with its polls. */
  readonly link: Link;
  readonly manners: Omit<RequestManners, "unit" | "yields">;
  /** Which units may be asked for. */
  readonly units: ReadonlySet<number>;
  /** Absent where clients may read alone. */
  readonly letWrite?: (write: ClientWrite, tell: Tell) => Promise<boolean>;
  readonly clock: Clock;
};

/** Of which line and whose proxy is known by who opens it. */
type ClientWrite = Pick<ProxiedWrite, "unit" | "span" | "client">;

type Asked = { readonly frame: TcpFrame; readonly client: ProxyClient; readonly at: number };

/** A client that has so many requests waiting is told that the device is busy. */
const mostWaiting = 8;
/** Who has waited so long has given up by now. */
const mostWaitMs = 10_000;
/** A unit that did not answer is left alone for so many times as long as that took. */
const restFactor = 4;
const mostRestMs = 60_000;

/**
 * Lets several Modbus TCP clients ask a device that stands one. One of their requests at a time is
 * out, in turn of the clients, and only when the line has nothing to poll. What the gateway knows
 * better than the device is answered here: exception 1 to a function that is not allowed, 2 and 3 to
 * what the standard forbids, 6 to who asks for too much or writes what is not to be written now, 10 to
 * a unit that is not to be asked, 11 for a device that does not answer.
 */
export async function openProxy(parts: ProxyParts): Promise<ProxyServer> {
  const { link, clock } = parts;
  const waiting = fairQueue<Asked>(mostWaiting);
  const closing = new AbortController();
  const restUntil = new Map<number, number>();
  let isBusy = false;

  const isResting = (unit: number, now: number) => {
    const leftMs = (restUntil.get(unit) ?? 0) - now;
    // Nothing rests that long: the clock was set back since.
    return leftMs > 0 && leftMs <= 2 * mostRestMs;
  };

  const exchange = async (
    { frame: { unit, pdu }, client }: Asked,
    request: Exclude<ProxiedRequest, { exception: number }>,
  ): Promise<Buffer> => {
    const manners = { ...parts.manners, unit, yields: true };
    const signal = AbortSignal.any([client.signal, closing.signal]);
    if ("read" in request)
      return answerTo.read(request.read, await link.read(request.read, manners, signal));
    const span = request.write;
    const tell: Tell = (onSend) => link.write(span, manners, signal, onSend);
    const isLet = await parts.letWrite?.({ unit, span, client: client.host }, tell);
    return isLet ? answerTo.write(span) : answerTo.exception(pdu, exceptions.busy);
  };

  const obey = async (asked: Asked): Promise<Buffer> => {
    const { at, frame } = asked;
    const { unit, pdu } = frame;
    const mayWrite = parts.letWrite !== undefined && link.mayWrite(unit);
    const request = proxiedRequest(pdu, mayWrite);
    if ("exception" in request) return answerTo.exception(pdu, request.exception);
    const now = clock.now();
    if (now - at > mostWaitMs) return answerTo.exception(pdu, exceptions.busy);
    if (isResting(unit, now)) return answerTo.exception(pdu, exceptions.targetSilent);
    try {
      return await exchange(asked, request);
    } catch (error) {
      const isSilent = error instanceof ModbusError && error.kind === "timeout";
      const tookMs = Math.min(clock.now() - now, mostRestMs / restFactor);
      if (isSilent) restUntil.set(unit, now + tookMs * (1 + restFactor));
      return answerTo.failure(pdu, error);
    }
  };

  const work = async () => {
    isBusy = true;
    for (let one = waiting.next(); one; one = waiting.next()) {
      if (one.client.signal.aborted) continue;
      one.client.answer({ ...one.frame, pdu: await obey(one) });
    }
    isBusy = false;
  };

  const asked = (frame: TcpFrame, client: ProxyClient) => {
    const refuse = (exception: number) =>
      client.answer({ ...frame, pdu: answerTo.exception(frame.pdu, exception) });
    if (!parts.units.has(frame.unit)) return refuse(exceptions.pathUnavailable);
    const hasRoom = waiting.push(client, { frame, client, at: clock.now() });
    if (!hasRoom) return refuse(exceptions.busy);
    if (!isBusy) void work();
  };
  const server = await openProxyServer(parts.listen, { asked, gone: waiting.leave });

  return {
    close() {
      closing.abort();
      return server.close();
    },
  };
}
