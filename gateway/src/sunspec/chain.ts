import { isRefusal, isUnreachable, ModbusError } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";

/** One model in a device's map. */
export type ChainModel = {
  readonly id: number;
  /** Of the model's id register. */
  readonly address: number;
  /** Registers behind id and length, as the device says. */
  readonly length: number;
  /** What it says of how often its groups stand, by the names of these points; see `withGroupCounts`. */
  readonly counts?: Readonly<Record<string, number>>;
};

/** What a SunSpec map holds: the models of one or several devices, each beginning with model 1. */
export type SunspecChain = {
  readonly base: number;
  readonly devices: readonly (readonly ChainModel[])[];
  /** How the walk ended, where not by the end marker. */
  readonly remark?: string;
};

export type ChainRules = {
  /** Wire addresses where the marker may stand, in the order to try. */
  readonly baseAddresses: readonly number[];
  readonly marker: number;
  readonly endModel: number;
  readonly maxModels: number;
};

const addressSpace = 65_536;

/**
 * Finds the marker and walks the models by the lengths that the device gives, known or not. Without
 * a marker at any of the addresses: `undefined`. What refuses one of them by whatever exception may
 * still have it at the next. A device that does not answer rejects.
 */
export async function walkChain(
  read: ReadRegisters,
  rules: ChainRules,
): Promise<SunspecChain | undefined> {
  let failure: unknown;
  for (const base of rules.baseAddresses) {
    try {
      const [high, low] = (await readOrRefused(read, base, 2)) ?? [];
      if (high === rules.marker >>> 16 && low === (rules.marker & 0xffff)) {
        return await walkFrom(base, read, rules);
      }
    } catch (error) {
      if (!isException(error)) throw error;
      failure ??= error;
    }
  }
  // Whether the map stands where the device could not say so is not known.
  if (failure !== undefined) throw failure;
  return undefined;
}

/** The device itself has answered, if only that it cannot. */
function isException(error: unknown): boolean {
  return error instanceof ModbusError && error.kind === "exception" && !isUnreachable(error);
}

async function walkFrom(base: number, read: ReadRegisters, rules: ChainRules) {
  const models: ChainModel[] = [];
  const ended = (remark?: string): SunspecChain => ({
    base,
    devices: byDevice(models),
    ...(remark !== undefined && { remark }),
  });
  for (let address = base + 2; models.length < rules.maxModels; ) {
    if (address >= addressSpace) return ended("the chain runs out of the address space");
    const head = await headAt(address, read);
    if (!head || head.id === 0) return ended(`there is no end marker at ${address}`);
    if (head.id === rules.endModel) return ended();
    if (head.length === undefined || address + 2 + head.length > addressSpace) {
      return ended(`model ${head.id} at ${address} has no usable length`);
    }
    models.push({ id: head.id, address, length: head.length });
    address += 2 + head.length;
  }
  return ended(`the chain has more than ${rules.maxModels} models`);
}

/** Id and length; some devices hold no register behind the end marker, so the id is then read alone. */
async function headAt(address: number, read: ReadRegisters) {
  const both = address + 2 <= addressSpace ? await readOrRefused(read, address, 2) : undefined;
  const [id, length] = both ?? (await readOrRefused(read, address, 1)) ?? [];
  return id === undefined ? undefined : { id, length };
}

async function readOrRefused(read: ReadRegisters, address: number, count: number) {
  try {
    return await read({ kind: "holding", address, count });
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Each model 1 begins a device; models before the first one belong to it too. */
function byDevice(models: readonly ChainModel[]): ChainModel[][] {
  const devices: ChainModel[][] = [];
  for (const model of models) {
    const last = devices.at(-1);
    if (last && !(model.id === 1 && last.some(({ id }) => id === 1))) last.push(model);
    else devices.push([model]);
  }
  return devices;
}
