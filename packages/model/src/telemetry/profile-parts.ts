import * as z from "zod";

/** What the parts of a device profile are made of. */

export const Port = z.int().min(1).max(65_535);
export const UnitId = z.int().min(0).max(255);

/** As sent on the wire, counted from 0 within its register kind; never 30001/40001 style. */
export const Address = z.int().min(0).max(65_535);
export const Hex = z.string().regex(/^0x[0-9A-F]+$/);
export const Order = z.enum(["big", "little"]);
export type Order = z.infer<typeof Order>;

/** The table a register lies in: function 3, 4, 1 and 2. */
export const RegisterKind = z.enum(["holding", "input", "coil", "discrete"]);
export type RegisterKind = z.infer<typeof RegisterKind>;

export const RegisterType = z.enum([
  "uint16",
  "int16",
  "uint32",
  "int32",
  "uint64",
  "int64",
  "float32",
  "float64",
  "enum16",
  "enum32",
  "bits16",
  "bits32",
  "bool",
  "string",
]);
export type RegisterType = z.infer<typeof RegisterType>;

const RawValue = z.union([Hex, z.literal("NaN")]);

/** Raw values that mean "not available"; `NaN` stands for any NaN. */
export const RawInvalid = z.union([RawValue, z.array(RawValue).min(1)]);
export type RawInvalid = z.infer<typeof RawInvalid>;

export const PointName = z.string().regex(/^[a-z][A-Za-z0-9]*(\.[A-Za-z0-9]+)+$/);
export const SourceId = z.string().regex(/^[a-z0-9_-]+$/);

/** The sources that say so; empty: unverified. */
export const Sources = z.array(z.string().regex(/^([a-z0-9_-]+|issue:[^#]+#[0-9]+)$/));
