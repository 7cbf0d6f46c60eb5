import type { Polled } from "../../polling/polled.ts";

const begin = 1_780_000_000_000;

/** The frame that bears this number in all its parts: values, flags, device, lane and time. */
export function frameOfNumber(n: number): Polled {
  const lane = n % 3 === 0 ? "counters" : "values";
  const device = `INV-${String(1 + (n % 7)).padStart(2, "0")}`;
  const common = { device, lane, at: begin + n, points: ["a", "b", "c"] } as const;
  if (n % 5 === 0) return { ...common, values: [n, null, `${n}.25`], quality: { 1: "failed" } };
  return { ...common, values: [n, n / 8, String(2n ** 53n + BigInt(n))] };
}

/** The number of the frame that was taken at this time. */
export function numberOfFrame({ at }: { readonly at: number }): number {
  return at - begin;
}
