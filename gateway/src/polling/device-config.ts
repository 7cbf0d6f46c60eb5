import { ConfiguredDevice } from "@sunledger/model";
import type * as z from "zod";
import { ProxyConfig } from "../proxy/proxy-config.ts";

/** One device in the gateway's configuration. */
export const DeviceConfig = ConfiguredDevice.extend({
  proxy: ProxyConfig.optional().describe(
    "Lets other Modbus TCP clients read the device through the gateway, which needs one connection for all",
  ),
});
export type DeviceConfig = z.infer<typeof DeviceConfig>;
