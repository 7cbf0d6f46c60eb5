import * as z from "zod";
import { GatewayId } from "../telemetry/frame.ts";
import { DeviceToRegister } from "./gateways.ts";

/** The columns of a list of devices, in the order of the template. */
export const ImportColumn = z.enum([
  "gateway",
  "tag",
  "name",
  "nameZh",
  "profile",
  "url",
  "kind",
  "ratedAcKw",
  "ratedDcKw",
  "atGrid",
]);
export type ImportColumn = z.infer<typeof ImportColumn>;

/**
 * What is wrong with a row. `twice`: another row says the same, whose line is `other`. `taken`: the plant
 * has a device of that tag. `full`: what its gateway can be sent at once is full before it. `wide`: it has more cells than the head. `foreign`: the profile is of another
 * kind of device. `column`: the head has a column that nobody knows, or one of them twice.
 */
export const ImportFaultCode = z.enum([
  "missing",
  "gateway",
  "profile",
  "foreign",
  "tag",
  "taken",
  "full",
  "twice",
  "url",
  "kind",
  "number",
  "yesNo",
  "text",
  "wide",
  "column",
]);
export type ImportFaultCode = z.infer<typeof ImportFaultCode>;

/** One fault of one row of a list. */
export const ImportFault = z.object({
  /** As editors and spreadsheets count, from 1; the head is in line 1. */
  line: z.int().positive(),
  code: ImportFaultCode,
  column: ImportColumn.optional(),
  /** What the cell says, cut where it is long. */
  found: z.string().optional(),
  /** The line of the row that says the same. */
  other: z.int().optional(),
});
export type ImportFault = z.infer<typeof ImportFault>;

/** A row without fault: the device that it asks for, and how it is polled. */
export const ImportedDevice = z.object({
  line: z.int().positive(),
  gateway: GatewayId,
  url: z.string(),
  profile: z.string(),
  register: DeviceToRegister,
});
export type ImportedDevice = z.infer<typeof ImportedDevice>;

/** What would come of a list of devices: nothing has been done with it. */
export const ImportCheck = z.object({
  /**
   * How the letters of a text that is no UTF-8 were read: whoever wrote it by another code finds others there,
   * and looks at the names.
   */
  readAs: z.literal("gb18030").optional(),
  /** Rows that say anything. */
  rows: z.int().nonnegative(),
  devices: z.array(ImportedDevice),
  /** By lines; a row with a fault brings no device. */
  faults: z.array(ImportFault),
});
export type ImportCheck = z.infer<typeof ImportCheck>;
