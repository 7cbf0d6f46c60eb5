import * as z from "zod";

/** What a device is, as every list of devices sorts them. */
export const DeviceKind = z.enum(["inverter", "meter", "battery", "sensor", "logger"]);
export type DeviceKind = z.infer<typeof DeviceKind>;
