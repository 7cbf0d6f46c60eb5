import type { Decimal } from "@sunledger/model/decimal";
import type { Order, ProfilePoint, RegisterKind, RegisterType } from "@sunledger/model/profile";

/** Where a value lies in a device and what its bits mean: all that reading and decoding need. */
export type RegisterPoint = {
  /** The canonical name. */
  readonly name: string;
  readonly kind: RegisterKind;
  /** As sent on the wire. */
  readonly address: number;
  /** In registers. */
  readonly size: number;
  readonly type: RegisterType;
  readonly wordOrder: Order;
  readonly byteOrder: Order;
  readonly mask?: bigint;
  /** A counter begins again at 0 after so many decimal digits, where not with the bits of its type. */
  readonly digits?: number;
  /** Raw values of the full width that mean: not available. */
  readonly invalid: readonly (bigint | "NaN")[];
  readonly scale: Decimal;
  readonly offset: Decimal;
  readonly scaleRegister?: ScaleRegister;
  /** Points whose values this one is multiplied by: transformer ratios. */
  readonly multiplyBy: readonly string[];
  /** May be missing on a device. */
  readonly optional: boolean;
  readonly readAlone: boolean;
  /** For people: `holding 40083 int16`, `103:W`. */
  readonly source: string;
};

/** A register with a power of ten that belongs to a value and is read together with it. */
export type ScaleRegister = {
  readonly kind: RegisterKind;
  readonly address: number;
  readonly type: "int16" | "uint16";
  /** It counts decimal places: 10^-n. */
  readonly negate: boolean;
  /** The raw value that says that the scaled value is not available. */
  readonly notAvailable?: number;
};

/** A profile's point with the register where a device has it. */
export type FoundPoint = {
  readonly point: ProfilePoint;
  readonly register: RegisterPoint;
  /** The SunSpec model it was found in. */
  readonly model?: number;
};
