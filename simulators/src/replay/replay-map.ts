import { readFile } from "node:fs/promises";
import { DeviceKind } from "@sunledger/model";
import { cataloguePoint } from "@sunledger/model/points";
import { ConfigError } from "@sunledger/runtime";
import { parse } from "yaml";
import * as z from "zod";
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
  .superRefine((map, context) => {
    for (const { point, accumulate } of targetsOf(map)) {
      const canonical = cataloguePoint(filledWithOnes(point));
      if (!canonical) {
        context.addIssue({ code: "custom", message: `${point} is no canonical point` });
      } else if (accumulate && canonical.kind !== "counter") {
        context.addIssue({ code: "custom", message: `${point} is no counter to add up into` });
      }
    }
    for (const { device, kind } of targetsOf(map)) {
      if (kind || (device === "{device}" && map.device)) continue;
      context.addIssue({ code: "custom", message: `device ${device} has no kind` });
    }
  });
export type ReplayMap = z.infer<typeof ReplayMap>;

export function targetsOf({
  columns,
  patterns,
}: Pick<ReplayMap, "columns" | "patterns">): Target[] {
  return [...Object.values(columns), ...patterns];
}

/** Reads a map, or says everything that is wrong with it. */
export async function loadReplayMap(path: string): Promise<ReplayMap> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new ConfigError(`the map ${path} cannot be read`, { cause });
  });
  const result = ReplayMap.safeParse(parse(text));
  if (result.success) return result.data;
  throw new ConfigError(`the map ${path} cannot be used:\n${z.prettifyError(result.error)}`);
}

/** Parts of a pattern are numbers of channels: any will do to look the family up. */
function filledWithOnes(point: string): string {
  return point.replaceAll(/\{\w+\}/g, "1");
}
