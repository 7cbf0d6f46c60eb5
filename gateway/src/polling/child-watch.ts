import type { DeviceProfile, IdentifyItem } from "@sunledger/model/profile";
import { isUnreachable, ModbusError } from "../modbus/modbus-error.ts";
import type { ReadRegisters } from "../modbus/point-reader.ts";
import type { Profiles } from "../profiles/load-profiles.ts";
import { fitsItem, identifyingValue, isTelling } from "./identify.ts";

/**
 * Whether a device that is read through a master is still connected to it (profile rule 17): a master goes
 * on to answer with what it heard last.
 */
export interface ChildWatch {
  /** The master that stands between, once that is known. */
  master(): DeviceProfile | undefined;
  /** What the master says of the device and the device itself does not: its serial number, its name. */
  readonly texts: ReadonlyMap<string, string>;
  /**
   * Asks on a new connection whether a master stands between, and what it says. Rejects where it says that
   * the device is not connected, as if the device had not answered.
   */
  meet(read: ReadRegisters, at: number): Promise<void>;
  /** Asks again, unless it was asked a moment ago; rejects likewise. */
  check(read: ReadRegisters, at: number): Promise<void>;
}

type Master = {
  readonly profile: DeviceProfile;
  /** The device has no other way. */
  readonly isSure: boolean;
  /** What it says of whether a child is connected. */
  readonly states: readonly IdentifyItem[];
  /** What else it says of a child, in words. */
  readonly names: readonly IdentifyItem[];
};

/** The time for which a master's word of a child is believed: it needs longer itself to notice a loss. */
const believedMs = 5_000;

export function childWatch(profile: DeviceProfile, profiles: Profiles): ChildWatch {
  const masters = mastersOf(profile, profiles);
  const texts = new Map<string, string>();
  let master = masters.find(({ isSure }) => isSure);
  /** When the master last said that it is connected; absent where none says anything. */
  let heardAt: number | undefined;

  /** Whether the master said so; rejects where it says the contrary. */
  const ask = async (one: Master, read: ReadRegisters): Promise<boolean> => {
    for (const item of one.states) {
      const value = await identifyingValue(item, one.profile, read).catch((error: unknown) => {
        // A device without a master may be silent when it is asked for what it does not know.
        if (one === master || !(error instanceof ModbusError) || isUnreachable(error)) throw error;
        return undefined;
      });
      if (value === undefined || (one !== master && isNothing(value))) return false;
      if (fitsItem(item, value)) continue;
      master = one;
      const reason = `${one.profile.id} says that it is not connected: ${item.name} is ${value}`;
      throw new ModbusError("exception", reason, { exception: 11 });
    }
    return one.states.length > 0;
  };

  const readTexts = async ({ names, profile: its }: Master, read: ReadRegisters) => {
    for (const item of names) {
      const text = await identifyingValue(item, its, read);
      if (text) texts.set(item.name, text);
      else texts.delete(item.name);
    }
  };

  return {
    master: () => master?.profile,
    texts,

    async meet(read, at) {
      heardAt = undefined;
      for (const one of master ? [master] : masters) {
        if (await ask(one, read)) {
          heardAt = at;
          master = one;
        }
        if (one === master) return readTexts(one, read);
      }
    },

    async check(read, at) {
      if (!master || heardAt === undefined || Math.abs(at - heardAt) < believedMs) return;
      if (await ask(master, read)) heardAt = at;
    },
  };
}

function mastersOf(profile: DeviceProfile, profiles: Profiles): Master[] {
  const own = new Set(profile.points.map(({ name }) => name));
  return [...profiles.values()].flatMap((its) => {
    const member = its.children?.members.find((one) => one.profile === profile.id);
    if (!member) return [];
    const items = its.children?.identify ?? [];
    const isName = ({ name, type }: IdentifyItem) => type === "string" && !own.has(name);
    return [
      {
        profile: its,
        isSure: member.map === "master",
        states: items.filter(isTelling),
        names: items.filter(isName),
      },
    ];
  });
}

/** What a device may say of registers that it does not know. */
function isNothing(value: string): boolean {
  return value === "" || value === "0";
}
