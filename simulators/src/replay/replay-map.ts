import { readFile } from "node:fs/promises";
import { DeviceKind } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import { ConfigError } from "@sunledger/runtime";
import { parse } from "yaml";
import * as z from "zod";
import { columnFaults, type MapOutline, mapOutline } from "./map-outline.ts";
import { isZone } from "./wall-time.ts";

const Zone = z.string().refine(isZone, "neither an IANA time zone nor an offset like -07:00");

const Target = z.object({
  /** The device's tag; `{device}` stands for the row's own, `{name}` for a named part of a pattern. */
  device: z.string().min(1).default("{device}"),
  kind: DeviceKind.optional(),
  /** The canonical point; may hold `{name}` too. */
  point: z.string().min(1),
  /** Canonical units for each unit of the column. */
  factor: z.number().default(1),
  /** The column holds what has passed since the row before: add it up into a counter. */
  accumulate: z.boolean().default(false),
});
export type Target = z.infer<typeof Target>;

/**
 * How a file is read as telemetry. Every column is mapped, named as the time, arrival or device, or
 * listed in `ignore`: a column that nobody thought of is a fault of the map.
 */
export const ReplayMap = z
  .object({
    /** What the file is and where it comes from. */
    about: z.string().optional(),
    /** The sample file that the map was written for. */
    file: z.string().optional(),
    format: z.enum(["csv", "nem12"]).default("csv"),
    time: z.object({
      column: z.string().min(1),
      /** Needed for times without an offset of their own. */
      zone: Zone.optional(),
      /** `false`: the zone's standard time all year round. */
      daylightSaving: z.boolean().default(true),
      /** The column counts seconds from here (ISO time). */
      secondsSince: z.iso.datetime({ offset: true }).optional(),
    }),
    /** When the row reached the server: rows are sent in this order. */
    arrival: z.string().optional(),
    device: z
      .object({
        column: z.string().min(1),
        kind: DeviceKind,
        /** Named parts of the value; the part `device` is the tag. */
        pattern: z.string().optional(),
      })
      .optional(),
    columns: z.record(z.string(), Target).default({}),
    /** Columns by regular expression, with named parts for device and point. */
    patterns: z.array(Target.extend({ match: z.string() })).default([]),
    ignore: z.array(z.string()).default([]),
  })
  .superRefine(
    (map, context) => {
      for (const message of meaningFaults(mapOutline(map))) {
        context.addIssue({ code: "custom", message });
      }
    },
    // However wrong the rest is: all that is wrong with a map is said at once.
    { when: () => true },
  );
export type ReplayMap = z.infer<typeof ReplayMap>;

/** Targets of what the map names, and what they mean though something else of it may be wrong. */
function meaningFaults({ columns, patterns, device: ofRow }: MapOutline): string[] {
  return [...Object.values(columns), ...patterns].flatMap(({ point, accumulate, device, kind }) => {
    const canonical = point === undefined ? undefined : cataloguePoint(filledWithOnes(point));
    const isUnknown = point !== undefined && !canonical;
    const isNoSum = accumulate && canonical !== undefined && canonical.kind !== "counter";
    const isKindless = kind === undefined && !(device === "{device}" && ofRow);
    return [
      ...(isUnknown ? [`${point} is no canonical point`] : []),
      ...(isNoSum ? [`${point} is no counter to add up into`] : []),
      ...(isKindless ? [`device ${device} has no kind`] : []),
    ];
  });
}

/** Reads a map, or says everything that is wrong with it, with the columns of its file too. */
export async function loadReplayMap(
  path: string,
  columnsOf: () => Promise<readonly string[] | undefined> = async () => undefined,
): Promise<ReplayMap> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new ConfigError(`the map ${path} cannot be read`, { cause });
  });
  const written: unknown = parse(text);
  const result = ReplayMap.safeParse(written);
  if (result.success) return result.data;
  const columns = await columnsOf();
  const misnamed = columns ? columnFaults(mapOutline(written), columns) : [];
  const faults = [z.prettifyError(result.error), ...misnamed.map((fault) => `✖ ${fault}`)];
  throw new ConfigError(`the map ${path} cannot be used:\n${faults.join("\n")}`);
}

/** Parts of a pattern are numbers of channels: any will do to look the family up. */
function filledWithOnes(point: string): string {
  return point.replaceAll(/\{\w+\}/g, "1");
}
