/** What of a map says where columns go. */
export type ColumnMap<Target> = {
  readonly time?: { readonly column?: string | undefined } | undefined;
  readonly arrival?: string | undefined;
  readonly device?: { readonly column?: string | undefined } | undefined;
  readonly columns: Readonly<Record<string, Target>>;
  readonly patterns: readonly (NoInfer<Target> & { readonly match: string })[];
  readonly ignore: readonly string[];
};

export type ColumnRoute<Target> = {
  readonly target: Target;
  /** Named parts that the column's own name has filled in. */
  readonly parts: Readonly<Record<string, string>>;
  /** The pattern that fits; absent where the map names the column. */
  readonly match?: string;
};

/** The columns that say of a row when it was and whose it is. */
export function rowColumns(map: ColumnMap<unknown & object>): string[] {
  return [map.time?.column, map.arrival, map.device?.column].flatMap((one) => one ?? []);
}

/** Where a column goes: what the map names stands above patterns, of which the first that fits counts. */
export function columnRoute<Target extends object>(
  map: ColumnMap<Target>,
  column: string,
): ColumnRoute<Target> | undefined {
  const target = Object.hasOwn(map.columns, column) ? map.columns[column] : undefined;
  if (target) return { target, parts: {} };
  if (map.ignore.includes(column) || rowColumns(map).includes(column)) return undefined;
  for (const pattern of map.patterns) {
    const found = expressionOf(pattern.match)?.exec(column);
    if (found) return { target: pattern, parts: { ...found.groups }, match: pattern.match };
  }
  return undefined;
}

/** `text` with its parts `{name}` put in; those that are not known stay. */
export function filled(text: string, parts: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (part, name: string) => parts[name] ?? part);
}

/** A point with its parts put in; numbers of channels are written without leading zeros. */
export function filledPoint(
  text: string,
  parts: Readonly<Record<string, string | undefined>>,
): string {
  return filled(text, parts).replaceAll(/\.0+(\d)/g, ".$1");
}

/** `undefined` for a text that is none: its map says so. */
export function expressionOf(text: string): RegExp | undefined {
  try {
    return text === "" ? undefined : new RegExp(text);
  } catch {
    return undefined;
  }
}
