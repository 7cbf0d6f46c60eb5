import * as z from "zod";
import { CodeSeverity } from "./code-severity.ts";
import { OperatingState } from "./operating-state.ts";
import {
  Address,
  Hex,
  Order,
  PointName,
  Port,
  RawInvalid,
  RegisterKind,
  RegisterType,
  SourceId,
  Sources,
  UnitId,
} from "./profile-parts.ts";
import { ProfilePoint } from "./profile-point.ts";

const Limits = z.strictObject({
  maxRegistersPerRead: z.int().min(1).max(125),
  maxRegistersPerWrite: z.int().min(1).max(123).optional(),
  /** Unwanted registers a merged read may cross; 0 merges neighbours only. */
  maxGap: z.int().min(0).max(120).optional(),
  /** 2: start and length of a read are even. Else: a read crosses no multiple of this number. */
  alignRegisters: z.int().min(2).optional(),
  connectDelayMs: z.int().min(0).optional(),
  /** From the end of one answer to the next request. */
  minRequestIntervalMs: z.int().min(0).optional(),
  /**
   * How many requests one connection may have waiting for their answers; 1 where nothing is said.
   * Only for devices known to stand it, and without a pause between requests.
   */
  maxRequestsInFlight: z.int().min(1).max(16).optional(),
  responseTimeoutMs: z.int().min(50).optional(),
  minPollMs: z.int().min(0).optional(),
  /** Further connections are refused, or end one that is there. */
  maxConnections: z.int().min(1).optional(),
  /** The device gives a connection up on which nothing was asked for so long. */
  idleDisconnectMs: z.int().min(1_000).optional(),
  busyRetry: z
    .strictObject({
      exceptions: z.array(z.int().min(1).max(11)),
      count: z.int().min(1),
      waitMs: z.int().min(0),
    })
    .optional(),
});
export type ProfileLimits = z.infer<typeof Limits>;

const IdentifyItem = z.strictObject({
  name: PointName,
  kind: RegisterKind,
  address: Address,
  type: RegisterType,
  length: z.int().min(1).max(125).optional(),
  equals: z.union([z.int(), z.string()]).optional(),
  in: z.array(z.unknown()).optional(),
  matches: z.string().refine(isRegularExpression, "is not a regular expression").optional(),
});
export type IdentifyItem = z.infer<typeof IdentifyItem>;

const Transport = z.strictObject({
  tcp: z.strictObject({ port: Port, alternatePorts: z.array(Port).optional() }).optional(),
  rtu: z
    .strictObject({
      baud: z.int().min(300),
      bauds: z.array(z.int()).optional(),
      parity: z.enum(["none", "even", "odd"]),
      stopBits: z.union([z.literal(1), z.literal(2)]),
      note: z.string().optional(),
    })
    .optional(),
  unit: z.strictObject({
    default: UnitId,
    scan: z.array(UnitId).optional(),
    range: z.tuple([UnitId, UnitId]).optional(),
    note: z.string().optional(),
  }),
});

const Children = z.strictObject({
  addressing: z.literal("unit-id"),
  unit: z.strictObject({ self: z.array(UnitId).min(1), range: z.tuple([UnitId, UnitId]) }),
  assignment: z.enum(["set-in-master", "bus-address"]),
  members: z
    .array(
      z.strictObject({
        profile: z.string(),
        map: z.enum(["native", "master"]),
        note: z.string().optional(),
        src: Sources,
      }),
    )
    .min(1),
  identify: z.array(IdentifyItem).optional(),
  /** What is written to unit 0 would reach every child at once: it is not. */
  broadcastForbidden: z.boolean().optional(),
  note: z.string().optional(),
  src: Sources,
});

const Sunspec = z.strictObject({
  baseAddresses: z.array(Address).min(1),
  marker: Hex.optional(),
  endModel: Hex.optional(),
  maxModels: z.int().min(1).optional(),
  models: z.array(z.string()).optional(),
  /** Of models that say the same, the first is used. */
  preference: z.array(z.array(z.string())).optional(),
  chain: z.array(z.string()).optional(),
  variants: z
    .array(
      z.strictObject({
        id: z.string(),
        note: z.string().optional(),
        chain: z.array(z.string()).optional(),
      }),
    )
    .optional(),
  invalid: z.record(z.string(), RawInvalid).optional(),
  scaleFactor: z
    .strictObject({
      min: z.int().optional(),
      max: z.int().optional(),
      readWithValues: z.boolean().optional(),
    })
    .optional(),
  note: z.string().optional(),
});

const EnumTable = z.record(
  z.string().regex(/^[0-9]+$/),
  z.strictObject({
    label: z.string(),
    state: OperatingState.optional(),
    severity: CodeSeverity.optional(),
  }),
);
export type EnumTable = z.infer<typeof EnumTable>;

const BitTable = z.record(
  z.string().regex(/^([0-9]|[1-5][0-9]|6[0-3])$/),
  z.strictObject({
    label: z.string(),
    severity: CodeSeverity.optional(),
    code: z.int().optional(),
  }),
);

/** How the points of one device family are read from and written to over Modbus. */
export const DeviceProfile = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal(1),
  /** Equals the file name without `.json`. */
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  vendor: z.string().min(1),
  family: z.string().min(1),
  kind: z.enum(["inverter", "meter", "battery", "sensor", "logger"]),
  /** `modbus`: all points have an address. `sunspec`: points are found by model and name. */
  protocol: z.enum(["modbus", "sunspec"]),
  /** A profile whose points, tables and SunSpec section are taken over first. */
  extends: z.string().optional(),
  /** Glob patterns (`*` only) for model names. */
  models: z.array(z.string()).min(1),
  aliases: z.array(z.string()).optional(),
  verification: z.strictObject({
    level: z.enum(["field-tested", "cross-checked", "single-source", "unverified"]),
    note: z.string(),
  }),
  sources: z
    .array(
      z.strictObject({
        id: SourceId,
        kind: z.enum(["manual", "implementation", "dataset", "measurement"]),
        title: z.string(),
        ref: z.string().optional(),
        date: z.string().optional(),
        licence: z.string().optional(),
      }),
    )
    .min(1),
  transport: Transport,
  limits: Limits,
  behaviour: z
    .strictObject({
      night: z
        .enum([
          "always-on",
          "answers-zeros",
          "answers-sentinels",
          "unreachable",
          "unreachable-or-zeros",
          "may-be-unreachable",
        ])
        .optional(),
      dailyReset: z
        .enum([
          "device-midnight",
          "late-after-midnight",
          "first-start-of-day",
          "not-provided",
          "unknown",
        ])
        .optional(),
      clock: z.enum(["epoch-utc", "local-without-zone", "not-provided"]).optional(),
    })
    .optional(),
  defaults: z
    .strictObject({
      kind: RegisterKind.optional(),
      wordOrder: Order.optional(),
      byteOrder: Order.optional(),
      /** Raw values of the full width of the type that mean: not available. */
      invalid: z.partialRecord(RegisterType, RawInvalid).optional(),
    })
    .optional(),
  identify: z.array(IdentifyItem).optional(),
  children: Children.optional(),
  sunspec: Sunspec.optional(),
  unreadable: z
    .array(
      z.strictObject({
        kind: RegisterKind,
        address: Address,
        length: z.int().min(1),
        note: z.string().optional(),
      }),
    )
    .optional(),
  quirks: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]+$/), text: z.string(), src: Sources }))
    .optional(),
  enums: z.record(z.string(), EnumTable).optional(),
  bitfields: z.record(z.string(), BitTable).optional(),
  points: z.array(ProfilePoint),
});
export type DeviceProfile = z.infer<typeof DeviceProfile>;

function isRegularExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
