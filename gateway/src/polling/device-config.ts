import { DeviceTag } from "@sunledger/model";
import * as z from "zod";
import { DeviceUrl } from "../modbus/device-url.ts";
import { ProxyConfig } from "../proxy/proxy-config.ts";

const patterns = "names of points; a trailing * stands for any rest";
const Patterns = z.array(z.string().min(1)).min(1);

/** One device in the gateway's configuration. */
export const DeviceConfig = z.strictObject({
  tag: DeviceTag.describe(
    "The device's name at this gateway: up to 64 letters, digits, '.', '_' and '-', beginning with a letter or digit",
  ),
  url: DeviceUrl.describe(
    "tcp://host:port?unit=1, rtu+tcp://host:port?unit=1 behind a converter, or serial:///dev/ttyUSB0?baud=9600&parity=none&stop=1&unit=1; &device=2 names the second device of a SunSpec chain",
  ),
  profile: z.string().min(1).describe("The id of a device profile, such as sunspec"),
  points: z
    .strictObject({
      include: Patterns.optional().describe(`Only these: ${patterns}`),
      exclude: Patterns.optional().describe(`Not these: ${patterns}`),
    })
    .optional()
    .describe("Narrows the profile's points"),
  ratios: z
    .record(z.string().min(1), z.number().positive())
    .optional()
    .describe("Transformer ratios set by hand, by point name; they stand above the device's own"),
  proxy: ProxyConfig.optional().describe(
    "Lets other Modbus TCP clients read the device through the gateway, which needs one connection for all",
  ),
});
export type DeviceConfig = z.infer<typeof DeviceConfig>;
