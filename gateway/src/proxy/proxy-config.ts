import * as z from "zod";

const form = "host:port, 127.0.0.1:1502 for one";

/** Where a proxy listens, in its parts. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** Takes apart what a configuration says; `undefined` where it is no address. */
export function listenAddressOf(text: string): ListenAddress | undefined {
  const [, six, four = "", digits] =
    /^(?:\[([\da-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? { host: six ?? four, port } : undefined;
}

/** Lets other Modbus TCP clients read a device through the gateway. */
export const ProxyConfig = z.strictObject({
  listen: z
    .string()
    .refine((text) => listenAddressOf(text) !== undefined, { error: `is not ${form}` })
    .describe(
      `Where it listens: ${form}; whoever reaches another address than the loopback reads the device`,
    ),
  units: z
    .array(z.int().min(0).max(255))
    .min(1)
    .optional()
    .describe("Which units may be asked for: the device's own alone when left out"),
  write: z.boolean().default(false).describe("true lets its clients write to the device, too"),
});
export type ProxyConfig = z.infer<typeof ProxyConfig>;
