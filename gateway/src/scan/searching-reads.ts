import { ModbusError } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";

/** So many time-outs before the first answer, and there is nobody at that unit. */
const nobody = 2;

/**
 * Reads for a search among many maps: each request goes out once, since many profiles ask for the
 * same registers, and silence counts as a refusal once the device has answered anything at all.
 */
export function searchingReads(read: ReadRegisters): ReadRegisters {
  const asked = new Map<string, Promise<readonly number[]>>();
  let answers = 0;
  let silences = 0;

  const ask: ReadRegisters = async (span) => {
    try {
      const words = await read(span);
      answers += 1;
      return words;
    } catch (error) {
      if (!(error instanceof ModbusError)) throw error;
      if (error.kind === "exception") answers += 1;
      if (error.kind !== "timeout") throw error;
      silences += 1;
      if (answers === 0 && silences >= nobody) throw error;
      throw new ModbusError("exception", error.message, { exception: 2, cause: error });
    }
  };

  return (span) => {
    const key = `${span.kind} ${span.address} ${span.count}`;
    const answer = asked.get(key) ?? ask(span);
    asked.set(key, answer);
    return answer;
  };
}
