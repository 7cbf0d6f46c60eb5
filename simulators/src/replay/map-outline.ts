import * as z from "zod";

const Name = z.string().optional().catch(undefined);
const NamedColumn = z.object({ column: Name }).optional().catch(undefined);
const Target = z.object({
  device: z.string().catch("{device}"),
  kind: z.unknown().optional(),
  point: Name,
  accumulate: z.boolean().catch(false),
});

/** What of a map can be told however wrong the rest of it is. */
const MapOutline = z.object({
  time: NamedColumn,
  arrival: Name,
  device: NamedColumn,
  columns: z.record(z.string(), Target).catch({}),
  patterns: z.array(Target.extend({ match: z.string().catch("") })).catch([]),
  ignore: z.array(z.string()).catch([]),
});
export type MapOutline = z.infer<typeof MapOutline>;

/** The outline of a map as it was written, or of one that was read. */
export function mapOutline(map: unknown): MapOutline {
  return MapOutline.parse(typeof map === "object" && map !== null ? map : {});
}

/** Columns that the map names and the file lacks, and the reverse. */
export function columnFaults(map: MapOutline, columns: readonly string[]): string[] {
  const single = [map.time?.column, map.arrival, map.device?.column].flatMap((one) => one ?? []);
  const named = [...single, ...Object.keys(map.columns), ...map.ignore];
  const absent = named.filter((column) => !columns.includes(column));
  const unmapped = columns.filter(
    (column) => !named.includes(column) && !map.patterns.some(({ match }) => fits(match, column)),
  );
  return [
    ...(absent.length > 0 ? [`the file has no column ${absent.join(", ")}`] : []),
    ...(unmapped.length > 0 ? [`the map says nothing of column ${unmapped.join(", ")}`] : []),
  ];
}

function fits(match: string, column: string): boolean {
  return match !== "" && new RegExp(match).test(column);
}
