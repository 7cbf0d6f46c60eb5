import * as z from "zod";

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

export type AskedWindow = { readonly from: number; readonly to: number; readonly width: number };

/** The window of a query in Unix milliseconds, or what is wrong with it. */
export function readWindow<T extends z.infer<typeof WindowQuery>>(
  query: T,
  context: z.core.$RefinementCtx<T>,
): Omit<T, keyof AskedWindow> & AskedWindow {
  const from = Date.parse(query.from);
  const to = Date.parse(query.to);
  const complain = (message: string) =>
    context.issues.push({ code: "custom", input: query, path: ["from"], message });
  if (from >= to) complain("from must be before to");
  if (to - from > longestWindow) complain("at most 400 days at a time");
  return { ...query, from, to };
}
