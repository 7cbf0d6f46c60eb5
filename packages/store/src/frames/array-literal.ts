/**
 * An array as PostgreSQL reads it, of items that need no escaping: numbers, hexadecimal digits,
 * UUIDs, inner arrays of numbers. Much faster than the driver's own, which escapes each item.
 */
export function plainArray(items: Iterable<string | number | null>): string {
  const texts: string[] = [];
  for (const item of items) texts.push(item === null ? "NULL" : `"${item}"`);
  return `{${texts.join(",")}}`;
}
