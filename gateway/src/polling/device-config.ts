import { DeviceTag } from "@sunledger/model";
import * as z from "zod";
import { DeviceUrl } from "../modbus/device-url.ts";

/** One device in the gateway's configuration. */
export const DeviceConfig = z.strictObject({
  tag: DeviceTag,
  /** `tcp://host:port?unit=1`; `&device=2` names the second device of a SunSpec chain. */
  url: DeviceUrl,
  /** The id of a device profile. */
  profile: z.string().min(1),
  /** Narrows the profile's points by name; a trailing `*` stands for any rest. */
  points: z
    .strictObject({
      include: z.array(z.string().min(1)).min(1).optional(),
      exclude: z.array(z.string().min(1)).min(1).optional(),
    })
    .optional(),
  /** Transformer ratios set by hand, by point name; they stand above what the device says. */
  ratios: z.record(z.string().min(1), z.number().positive()).optional(),
});
export type DeviceConfig = z.infer<typeof DeviceConfig>;
