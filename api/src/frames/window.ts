import { earliestInstant, latestInstant } from "@sunledger/model";
import * as z from "zod";
import type { Window } from "./bucket-size.ts";

const longestWindow = 400 * 24 * 60 * 60_000;

const Instant = z.iso
  .datetime({ offset: true })
  .meta({ description: "ISO 8601 with offset", examples: ["2026-06-21T00:00:00+08:00"] });

/** A stretch of time and the pixels it is to be shown on. */
export const WindowQuery = z.object({
  from: Instant,
  /** Exclusive. */
  to: Instant,
  width: z.coerce.number().int().min(1).max(10_000).default(1_000),
});

export type AskedWindow = Window & { readonly width: number };

/** The window of a query in Unix milliseconds, or what is wrong with it. */
export function readWindow<T extends z.infer<typeof WindowQuery>>(
  query: T,
  context: z.core.$RefinementCtx<T>,
): Omit<T, keyof AskedWindow> & AskedWindow {
  const window = { from: Date.parse(query.from), to: Date.parse(query.to) };
  refuseWindow(window, query, context);
  return { ...query, ...window };
}

/** A stretch of time that may be left open at either end. */
export const OpenWindowQuery = WindowQuery.pick({ from: true, to: true }).partial();

/** The window of such a query; what is open on a side is of any length. */
export function readOpenWindow<T extends z.infer<typeof OpenWindowQuery>>(
  query: T,
  context: z.core.$RefinementCtx<T>,
): Omit<T, keyof Window> & Window {
  const from = query.from === undefined ? earliestInstant : Date.parse(query.from);
  const to = query.to === undefined ? latestInstant : Date.parse(query.to);
  const isOpen = query.from === undefined || query.to === undefined;
  refuseWindow({ from, to }, query, context, isOpen ? Number.POSITIVE_INFINITY : longestWindow);
  return { ...query, from, to };
}

function refuseWindow<T>(
  { from, to }: Window,
  input: T,
  context: z.core.$RefinementCtx<T>,
  longest = longestWindow,
): void {
  const complain = (message: string) =>
    context.issues.push({ code: "custom", input, path: ["from"], message });
  if (from >= to) complain("from must be before to");
  if (to - from > longest) complain("at most 400 days at a time");
}
