import type { Link, RequestManners } from "../modbus/link.ts";
import { ModbusError } from "../modbus/modbus-error.ts";
import type { ReadSpan } from "../modbus/read-request.ts";
import { sleep } from "../modbus/sleep.ts";

export type UnitProbe = {
  readonly link: Link;
  readonly units: readonly number[];
  /** How long a unit may take to answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** Maps begin in either table: a device that keeps silent in one may answer in the other. */
const probes: readonly ReadSpan[] = [
  { kind: "holding", address: 40_000, count: 1 },
  { kind: "input", address: 0, count: 1 },
];

/** Between trials to come back to a host that has closed the connection. */
const backMs = 1_000;
const mostTrials = 3;

/** The units that answer anything at all, be it a refusal. Rejects when the host is lost. */
export async function* answeringUnits({ link, units, timeoutMs, signal }: UnitProbe) {
  for (const unit of units) {
    const manners: RequestManners = {
      unit,
      responseTimeoutMs: timeoutMs,
      busyRetry: { exceptions: [], count: 0, waitMs: 0 },
    };
    for (const span of probes) {
      signal.throwIfAborted();
      if (!(await answers(() => link.read(span, manners, signal), signal))) continue;
      yield unit;
      break;
    }
  }
}

async function answers(read: () => Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  for (let trials = 1; ; trials += 1) {
    const failure = await read().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return true;
    if (!(failure instanceof ModbusError)) throw failure;
    const { kind, exception } = failure;
    // A gateway's word that nobody is there is not an answer of somebody.
    if (kind === "exception") return exception !== 10 && exception !== 11;
    if (kind !== "connection") return false;
    if (trials === mostTrials) throw failure;
    await sleep(backMs, signal);
  }
}
