import { isIP } from "node:net";
import * as z from "zod";

/**
 * The addresses, and ranges of them in CIDR form, of the proxies whose word counts for where a request
 * comes from, parted by commas. Nobody else's `X-Forwarded-For` is believed.
 */
export const TrustedProxies = z
  .string()
  .transform((text) => text.split(",").map((each) => each.trim()))
  .transform((all) => all.filter((each) => each !== ""))
  .refine((all) => all.every(isRange), {
    error: "must be addresses or ranges such as 10.0.0.0/8, parted by commas",
  });

function isRange(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}
