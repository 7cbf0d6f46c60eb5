/** A named part of something whose shape is not known yet; `undefined` where it has none. */
export function partOf(whole: unknown, name: string): unknown {
  if (typeof whole !== "object" || whole === null) return;
  return (whole as Readonly<Record<string, unknown>>)[name];
}
