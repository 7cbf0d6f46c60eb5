import * as z from "zod";
import { Lane } from "./frame.ts";

/** What a point may be called, an index or a profile's own prefix included: `dc.current[3]`. */
const PlainName = z
  .string()
  .max(80)
  .regex(/^[A-Za-z][A-Za-z0-9._:[\]-]*$/, "a point's name is not plain");

/** Its announcement stays far below what a broker takes. */
export const mostLayoutPoints = 2_000;

/** The points of a frame and their order. Announced on `…/layouts/{hash}` before its first use. */
export const Layout = z.object({
  lane: Lane,
  points: z
    .array(PlainName)
    .min(1)
    .max(mostLayoutPoints)
    .refine((points) => new Set(points).size === points.length, "a point is named twice"),
});
export type Layout = z.infer<typeof Layout>;

/** Announced in the place of a layout that no broker would take: rows of it are quarantined (D-6). */
export const WithheldLayout = z.object({ lane: Lane, withheld: z.string().min(1).max(200) });
export type WithheldLayout = z.infer<typeof WithheldLayout>;

/** The name of a layout: the first 16 hex digits of the SHA-256 of its content. */
export async function layoutHash({ lane, points }: Layout): Promise<string> {
  const content = new TextEncoder().encode(JSON.stringify([lane, points]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...digest.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const LayoutHash = z.string().regex(/^[0-9a-f]{16}$/);
