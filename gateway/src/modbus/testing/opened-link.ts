import type { LineAddress } from "@sunledger/model/line-address";
import { systemClock } from "@sunledger/runtime";
import { patient } from "../../../../tests/support/patient.ts";
import { type Link, type LinkParts, openLink, type RequestManners } from "../link.ts";
import { ModbusError } from "../modbus-error.ts";

const quiet = () => undefined;

const log = { debug: quiet, info: quiet, warn: quiet };

type Opening = { readonly port: number } & Pick<LinkParts, "trace">;

/** A link to a peer on loopback. */
export function openedLink({ port, ...parts }: Opening): Link {
  return openedLine({ transport: "tcp", host: "127.0.0.1", port }, parts);
}

/** A link on whatever line. */
export function openedLine(address: LineAddress, parts: Pick<LinkParts, "trace"> = {}): Link {
  return openLink({ address, clock: systemClock(), log, ...parts });
}

/** Unit 1, never asked again when it is busy; a good answer has all the time of a busy machine. */
export function manners(responseTimeoutMs: number = patient.timeout): RequestManners {
  return {
    unit: 1,
    responseTimeoutMs,
    busyRetry: { exceptions: [], count: 1, waitMs: 1 },
  };
}

/** Why a reading failed; throws when it did not, or not by an error of ours. */
export async function failureOf(reading: Promise<unknown>): Promise<ModbusError> {
  const error = await reading.then(
    () => new Error("the reading did not fail"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ModbusError)) throw error;
  return error;
}
