import * as z from "zod";
import { columnRoute, expressionOf, filled, filledPoint, rowColumns } from "./column-route.ts";
import { Encoding, isUnreadable } from "./encoding.ts";

const Name = z.string().optional().catch(undefined);
const NamedColumn = z.object({ column: Name }).optional().catch(undefined);
const Target = z.object({
  device: z.string().catch("{device}"),
  kind: z.unknown().optional(),
  point: Name,
  accumulate: z.boolean().catch(false),
});
export type TargetOutline = z.infer<typeof Target>;

/** What of a map can be told however wrong the rest of it is. */
const MapOutline = z.object({
  format: z.enum(["csv", "nem12"]).catch("csv"),
  encoding: Encoding.optional().catch(undefined),
  time: NamedColumn,
  arrival: Name,
  device: z
    .object({ column: Name, kind: z.unknown().optional(), pattern: Name })
    .optional()
    .catch(undefined),
  columns: z.record(z.string(), Target).catch({}),
  patterns: z.array(Target.extend({ match: z.string().catch("") })).catch([]),
  ignore: z.array(z.string()).catch([]),
});
export type MapOutline = z.infer<typeof MapOutline>;

/** The outline of a map as it was written, or of one that was read. */
export function mapOutline(map: unknown): MapOutline {
  return MapOutline.parse(typeof map === "object" && map !== null ? map : {});
}

/** Columns that the map names and the file lacks, and the reverse; those that are one and the same. */
export function columnFaults(map: MapOutline, columns: readonly string[]): string[] {
  const named = [...rowColumns(map), ...Object.keys(map.columns), ...map.ignore];
  const absent = named.filter((column) => !columns.includes(column));
  const isMapped = (column: string) => named.includes(column) || columnRoute(map, column);
  const unmapped = columns.filter((column) => !isMapped(column));
  const used = new Set(columns.map((column) => columnRoute(map, column)?.match));
  const idle = map.patterns.filter(({ match }) => expressionOf(match) && !used.has(match));
  const isForeign = absent.length + unmapped.length > 0 && columns.some(isUnreadable);
  return [
    ...(absent.length > 0 ? [`the file has no column ${absent.join(", ")}`] : []),
    ...(unmapped.length > 0 ? [`the map says nothing of column ${unmapped.join(", ")}`] : []),
    ...(isForeign ? [encodingHint(map)] : []),
    ...idle.map(({ match }) => `the pattern ${match} fits no column that is left`),
    ...repeated(map, columns),
    ...collisions(map, [...new Set(columns)]),
  ];
}

function encodingHint({ encoding }: MapOutline): string {
  if (encoding && encoding !== "utf-8")
    return `the first line is not ${encoding}: name another encoding in the map`;
  return (
    "the first line is not UTF-8: name the file's encoding in the map, as in encoding: gb18030 " +
    "(Chinese) or encoding: latin1 (western European)"
  );
}

/** Cells are known by their column's name: two of one name would be one. */
function repeated({ ignore }: MapOutline, columns: readonly string[]): string[] {
  return [...new Set(columns)].flatMap((column) => {
    const places = columns.flatMap((one, i) => (one === column ? [i + 1] : []));
    if (places.length < 2 || ignore.includes(column)) return [];
    const all = places.length === 2 ? "both" : "all";
    return [`columns ${places.join(" and ")} of the file are ${all} named ${column}`];
  });
}

/** Columns that lead to one point whatever the row; what a row's own device adds is seen by its rows. */
function collisions(map: MapOutline, columns: readonly string[]): string[] {
  const first = new Map<string, string>();
  return columns.flatMap((column) => {
    const route = columnRoute(map, column);
    if (route?.target.point === undefined) return [];
    const device = filled(route.target.device, route.parts);
    const point = filledPoint(route.target.point, route.parts);
    const where = `${point} of ${device}`;
    const other = first.get(where);
    if (other === undefined) first.set(where, column);
    return other === undefined ? [] : [`columns ${other} and ${column} both lead to ${where}`];
  });
}
