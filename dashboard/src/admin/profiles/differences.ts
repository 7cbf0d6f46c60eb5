import type { ProfileDetail, ProfileRegister } from "@sunledger/model";

/** What of a register is compared. */
const compared = ["source", "type", "unit", "scale", "poll", "writable"] as const;
export type ComparedPart = (typeof compared)[number];

/** A point by which one profile differs from another. */
export type Difference = {
  readonly point: string;
  /** Absent where the profile does not have the point. */
  readonly own?: ProfileRegister;
  readonly other?: ProfileRegister;
  /** Of a point that both have, what is not the same. */
  readonly parts: readonly ComparedPart[];
};

/**
 * The points that only one of two profiles has, or that it reads otherwise, in the order of the first and then
 * of the second. A point that a profile tells of several times is matched by its place among them.
 */
export function differencesOf(
  own: Pick<ProfileDetail, "registers">,
  other: Pick<ProfileDetail, "registers">,
): Difference[] {
  const [mine, others] = [keyed(own.registers), keyed(other.registers)];
  const keys = new Set([...mine.keys(), ...others.keys()]);
  return [...keys].flatMap((key): Difference[] => {
    const [one, another] = [mine.get(key), others.get(key)];
    const point = one?.name ?? another?.name ?? key;
    if (one && another) {
      const parts = compared.filter((part) => one[part] !== another[part]);
      return parts.length > 0 ? [{ point, own: one, other: another, parts }] : [];
    }
    return [{ point, parts: [], ...(one && { own: one }), ...(another && { other: another }) }];
  });
}

function keyed(registers: readonly ProfileRegister[]): Map<string, ProfileRegister> {
  const seen = new Map<string, number>();
  return new Map(
    registers.map((register) => {
      const times = (seen.get(register.name) ?? 0) + 1;
      seen.set(register.name, times);
      return [`${register.name} ${times}`, register];
    }),
  );
}
