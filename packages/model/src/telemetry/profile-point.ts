import * as z from "zod";
import {
  Address,
  Hex,
  Order,
  PointName,
  RawInvalid,
  RegisterKind,
  RegisterType,
  Sources,
} from "./profile-parts.ts";

/** `model:point` or `model:group[n]:point`. */
/** `103:W`, `160:module[2]:DCW`, and of groups within groups `705:Crv[1]:Pt[2]:V`. */
const SunspecReference = z.string().regex(/^[0-9]+:([A-Za-z0-9_]+(\[[0-9]+\])?:)*[A-Za-z0-9_]+$/);

const Write = z.strictObject({
  functions: z
    .array(z.union([z.literal(5), z.literal(6), z.literal(15), z.literal(16)]))
    .min(1)
    .optional(),
  min: z.number().nullable().optional(),
  max: z.number().nullable().optional(),
  step: z.number().positive().optional(),
  maxFrom: PointName.optional(),
  /** Raw values. */
  allowed: z.array(z.int()).optional(),
  /** Only these bits may change. */
  bits: z.array(z.int().min(0).max(63)).optional(),
  requires: z
    .array(
      z.strictObject({
        name: PointName,
        equals: z.number().optional(),
        bit: z.int().optional(),
      }),
    )
    .optional(),
  /** Counts only while this point has that value: it is written after the set-point, and taken back before it. */
  enabledBy: z.strictObject({ name: PointName, equals: z.int() }).optional(),
  guard: z.enum(["confirm", "forbid-cyclic", "forbidden"]),
  persistent: z.union([z.boolean(), z.literal("unknown")]).optional(),
  readBack: z.boolean().optional(),
  readBackFrom: z.strictObject({ kind: RegisterKind, address: Address }).optional(),
  revertAfterS: z.int().min(1).optional(),
  refreshS: z.int().min(1).optional(),
  note: z.string().optional(),
});

const units = [
  "W",
  "var",
  "VA",
  "V",
  "A",
  "Hz",
  "Wh",
  "varh",
  "degC",
  "ohm",
  "ratio",
  "percent",
  "s",
  "W/m2",
  "Wh/m2",
  "m/s",
  "deg",
  "Pa",
  "mm",
  "mm/h",
  "m3",
  "m3/h",
  "Ah",
  "K",
  "dBm",
] as const;

/** One point of a profile: found at an address, or by its SunSpec references. */
export const ProfilePoint = z
  .strictObject({
    name: PointName,
    kind: RegisterKind.optional(),
    address: Address.optional(),
    type: RegisterType.optional(),
    /** Registers of a string. */
    length: z.int().min(1).max(125).optional(),
    /** How the vendor's document writes the register; for people only. */
    doc: z.string().optional(),
    sunspec: z
      .array(
        z.union([SunspecReference, z.strictObject({ ref: SunspecReference, scale: z.number() })]),
      )
      .min(1)
      .optional(),
    /** The pattern that further blocks of a repeating group follow. */
    repeat: z.strictObject({ group: z.string(), index: z.int().min(1) }).optional(),
    unit: z.enum(units).optional(),
    /** Value in unit = raw × scale + offset. */
    scale: z
      .number()
      .refine((scale) => scale !== 0, "is 0")
      .optional(),
    offset: z.number().optional(),
    /** value = raw × scale × 10^n, with n read from this register in the same request. */
    scaleRegister: z
      .strictObject({
        kind: RegisterKind.optional(),
        address: Address,
        type: z.enum(["int16", "uint16"]),
        /** The register counts decimal places: 10^-n. */
        negate: z.boolean().optional(),
      })
      .optional(),
    multiplyBy: z.array(PointName).optional(),
    /** A counter begins again at 0 after so many decimal digits of its raw value. */
    digits: z.int().min(1).max(19).optional(),
    mask: Hex.optional(),
    wordOrder: Order.optional(),
    byteOrder: Order.optional(),
    invalid: RawInvalid.optional(),
    access: z.enum(["r", "rw", "w"]).optional(),
    poll: z.enum(["fast", "normal", "slow", "once", "never"]),
    enum: z.string().optional(),
    enumByModel: z.record(z.string(), z.string()).optional(),
    bits: z.string().optional(),
    /** May be missing on a device. */
    optional: z.boolean().optional(),
    /** Among points of the same name, `true` wins while it can be read. */
    prefer: z.boolean().optional(),
    readAlone: z.boolean().optional(),
    write: Write.optional(),
    note: z.string().optional(),
    src: Sources,
  })
  .superRefine((point, context) => {
    for (const message of shapeFaults(point)) context.addIssue({ code: "custom", message });
  });
export type ProfilePoint = z.infer<typeof ProfilePoint>;

type Shape = {
  readonly kind?: unknown;
  readonly address?: unknown;
  readonly type?: unknown;
  readonly length?: unknown;
  readonly sunspec?: unknown;
  readonly access?: unknown;
  readonly write?: unknown;
};

function shapeFaults(point: Shape): string[] {
  const { kind, address, type, length, sunspec, access, write } = point;
  const writable = access === "rw" || access === "w";
  const faults: string[] = [];
  if (sunspec === undefined) {
    const missing = Object.entries({ kind, address, type }).filter(([, v]) => v === undefined);
    if (missing.length > 0) {
      faults.push(`has no ${missing.map(([name]) => name).join(", ")} and no SunSpec reference`);
    }
  } else if (address !== undefined) faults.push("has an address and a SunSpec reference");
  if (writable && write === undefined) faults.push("may be written but has no write rules");
  if (!writable && write !== undefined) faults.push("has write rules but may only be read");
  if (type === "string" && length === undefined) faults.push("is a string without a length");
  if (type !== "string" && length !== undefined) faults.push("has a length but is no string");
  return faults;
}
